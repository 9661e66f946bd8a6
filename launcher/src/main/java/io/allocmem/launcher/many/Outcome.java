package io.allocmem.launcher.many;

import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Sizes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Outcome of a command for one of many JVMs.
 *
 * @param result word for the table: a verdict, or a state
 * @param code exit code for this JVM
 * @param fields fields of the JSON object
 */
public record Outcome(String result, ExitCode code, Map<String, Object> fields) {
  /** Number of the format: new fields keep the number, changed fields raise the number. */
  public static final int FORMAT = 1;

  /** Result of a JVM that is left out. */
  static final String SKIPPED = "SKIPPED";

  /** Returns the fields that all commands share. */
  public static Map<String, Object> fields(
      String command, ExitCode code, String message, Long pid, List<?> plans) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", FORMAT);
    fields.put("command", command);
    fields.put("exitCode", code.number());
    fields.put("verdict", code.name());
    fields.put("message", message);
    fields.put("pid", pid);
    fields.put("plans", plans);
    return fields;
  }

  /** Returns the outcome for a JVM, without further fields. */
  public static Outcome of(String command, ManyTarget jvm, Verdict verdict) {
    return of(
        verdict.code(), fields(command, verdict.code(), verdict.sentence(), jvm.pid(), List.of()));
  }

  /** Returns the outcome for a JVM that is left out. */
  public static Outcome skipped(String command, Selection.Skipped left) {
    Map<String, Object> fields =
        fields(command, ExitCode.DONE, left.reason(), left.jvm().pid(), List.of());
    fields.put("verdict", SKIPPED);
    return new Outcome(SKIPPED, ExitCode.DONE, fields);
  }

  /** Returns the outcome of a command with these fields. */
  public static Outcome of(ExitCode code, Map<String, Object> fields) {
    return new Outcome(code.name(), code, fields);
  }

  /** Returns the same fields with another verdict. */
  public Outcome with(Verdict verdict) {
    Map<String, Object> changed = new LinkedHashMap<>(fields);
    changed.put("exitCode", verdict.code().number());
    changed.put("verdict", verdict.code().name());
    changed.put("message", verdict.sentence());
    return of(verdict.code(), changed);
  }

  /** Returns the outcome with the present state of the plans. */
  public Outcome with(List<PlanSample> plans) {
    Map<String, Object> changed = new LinkedHashMap<>(fields);
    changed.put("plans", plans.stream().map(PlanSample::fields).toList());
    return new Outcome(result, code, changed);
  }

  /** Returns the outcome with that word for the table. */
  public Outcome with(String word) {
    return new Outcome(word, code, fields);
  }

  /** Returns the sentence about a failure; without a failure, the plans and the warnings. */
  String detail() {
    if (fields.get("message") instanceof String message) {
      return message;
    }
    Stream<String> warnings = list("warnings").map(String::valueOf);
    return Stream.concat(plans().stream(), warnings).collect(Collectors.joining("; "));
  }

  private Stream<?> list(String field) {
    return fields.get(field) instanceof List<?> list ? list.stream() : Stream.empty();
  }

  /** Returns the plans with their bytes, as one text. */
  private Optional<String> plans() {
    return list("plans")
        .map(plan -> plan instanceof Map<?, ?> map ? words(map) : "?")
        .reduce((all, next) -> all + ", " + next);
  }

  private static String words(Map<?, ?> plan) {
    Object recovery = plan.get("recovery");
    Object bytes = recovery instanceof Map<?, ?> map ? map.get("released") : plan.get("committed");
    String size = bytes instanceof Number number ? " " + Sizes.of(number.longValue()) : "";
    return "%s: %s%s".formatted(plan.get("name"), plan.get("phase"), size);
  }
}
