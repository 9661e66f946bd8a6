package io.allocmem.launcher;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.many.Outcome;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Answer of a command as one JSON object. All commands with this option share the first fields; a
 * command collects its fields while it works, so an answer about a failure has the fields so far.
 */
final class JsonOption {
  @Option(
      names = "--json",
      description = "print one JSON object; bytes as integers, null: not known")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final List<Map<String, Object>> plans = new ArrayList<>();
  private Long pid;

  JsonOption() {}

  /** Returns true if the answer is a JSON object, and not text for people. */
  boolean isGiven() {
    return json;
  }

  /** Returns the writer of text for people. */
  PrintWriter text() {
    return json ? new PrintWriter(Writer.nullWriter()) : spec.commandLine().getOut();
  }

  /** Sets the JVM of the command. */
  void pid(long jvm) {
    pid = jvm;
  }

  /** Adds plans of the JVM. */
  void plans(List<PlanSample> samples) {
    samples.forEach(sample -> plans.add(sample.fields()));
  }

  /** Adds a plan of the JVM, with further fields. */
  void plan(Map<String, Object> plan) {
    plans.add(plan);
  }

  /** Sets a field of this command alone. */
  void put(String field, Object value) {
    fields.put(field, value);
  }

  /**
   * Prints the answer, if requested, and returns the exit code.
   *
   * @param message sentence about a failure; null for a success
   */
  int end(ExitCode code, String message) throws IOException {
    if (json) {
      Map<String, Object> object = Outcome.fields(spec.name(), code, message, pid, plans);
      object.putAll(fields);
      JSON printer = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
      spec.commandLine().getOut().println(printer.asString(object));
    }
    return code.number();
  }
}
