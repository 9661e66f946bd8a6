package io.allocmem.launcher.knee;

import io.allocmem.control.Printable;
import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Quantities;
import io.allocmem.launcher.process.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps of a search in the order of the measurements, and the knee at the end. */
public final class KneeResult {
  private final KneeOptions options;
  private final List<StepResult> steps = new ArrayList<>();

  /** Null until the search is over. */
  private Search over;

  KneeResult(KneeOptions options) {
    this.options = options;
  }

  void add(StepResult step) {
    steps.add(step);
  }

  void end(Search search) {
    over = search;
  }

  KneeOptions options() {
    return options;
  }

  /** Returns true if there is nothing to show. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Returns the steps, the emptiest heap first. */
  List<StepResult> byShare() {
    return steps.stream().sorted(Comparator.comparingInt(StepResult::share)).toList();
  }

  /** Returns the knee in percent; null before the end of the search. */
  Integer knee() {
    return over == null ? null : over.good();
  }

  /** Returns true if the knee may be higher: no share broke the promise. */
  boolean isAtLeast() {
    return over != null && (over.reason() == null || !over.reason().isBreach());
  }

  /** Returns the verdict against the expected share; a success without an expectation. */
  public Verdict verdict() {
    return over == null || over.good() >= options.expect()
        ? Verdict.DONE
        : new Verdict(
            ExitCode.SHORT, "%s, below the expected %d %%".formatted(sentence(), options.expect()));
  }

  /** Returns the sentence about the knee. The plan of a refused share names the reason itself. */
  public String sentence() {
    if (over == null) {
      return "the knee is not known: the search did not end";
    }
    String promise = options.promise().toString();
    if (over.reason() == null) {
      return "the knee is at %d %% or more: no share broke %s twice"
          .formatted(over.good(), promise);
    }
    String cause =
        steps.stream()
            .filter(step -> step.share() == over.bad() && step.outcome() == over.reason())
            .map(StepResult::cause)
            .reduce((first, again) -> again)
            .orElse("");
    return over.reason() == Outcome.REFUSED
        ? "the knee is at %d %% or more: the heap cannot be held at %d %% (%s)"
            .formatted(over.good(), over.bad(), cause)
        : "the knee is at %d %%%s: %d %% breaks %s (%s)"
            .formatted(
                over.good(),
                isLive() ? ", the live heap without a plan" : "",
                over.bad(),
                promise,
                cause);
  }

  /** Returns true if each measured share broke the promise. */
  private boolean isLive() {
    return steps.stream().noneMatch(step -> step.share() > 0 && step.outcome() == Outcome.KEPT);
  }

  /** Returns the fields for JSON. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("slo", options.promise().toString());
    fields.put("subject", options.subject());
    fields.put("rate", options.asksService() ? options.rate().toString() : null);
    fields.put("knee", knee());
    fields.put("atLeast", over == null ? null : isAtLeast());
    fields.put("expected", options.expect() == 0 ? null : options.expect());
    fields.put("heapMax", steps.isEmpty() ? null : known(steps.get(0).figures().heapMax()));
    fields.put("steps", steps.stream().map(StepResult::fields).toList());
    return fields;
  }

  private static Long known(long value) {
    return value < 0 ? null : value;
  }

  /** Returns the titles of the table. */
  List<String> titles() {
    List<String> titles =
        new ArrayList<>(List.of("ASKED", "LIVE", "P50", "P99", "P99.9", "MAX", "GC CPU", "PAUSES"));
    if (options.asksService()) {
      titles.addAll(List.of("ANSWERS/S", "FAILED"));
    }
    titles.add("PROMISE");
    return titles;
  }

  /** Returns the cells of a step. */
  List<String> cells(StepResult step) {
    List<String> cells = new ArrayList<>();
    cells.add(step.share() == 0 ? "0" : step.share() + " %");
    cells.add(Quantities.of(Unit.THOUSANDTHS, step.figures().liveShare()));
    for (Percentile each : Percentile.values()) {
      cells.add(Quantities.of(Unit.MICROS, each.in(step.promised())));
    }
    cells.add(Quantities.of(Unit.THOUSANDTHS, step.figures().gc()));
    cells.add(Quantities.of(Unit.THOUSANDTHS, step.figures().pauses()));
    if (options.asksService()) {
      boolean known = step.answers() != null;
      cells.add(known ? "%.1f".formatted(step.answers().perSecond()) : "-");
      cells.add(known ? String.valueOf(step.answers().failures()) : "-");
    }
    cells.add(outcome(step));
    return cells;
  }

  static String outcome(StepResult step) {
    return switch (step.outcome()) {
      case KEPT -> "kept";
      case BROKEN, STOPPED -> "broken: " + step.cause();
      case REFUSED -> "not held";
    };
  }

  /** Returns the table of all steps and the sentence about the knee, with line ends. */
  public String toText() {
    Table table = new Table(titles().toArray());
    byShare().forEach(step -> table.row(cells(step).toArray()));
    StringBuilder text = new StringBuilder(table.toString());
    for (StepResult step : byShare()) {
      if (step.note() != null) {
        text.append("%d %%: %s%n".formatted(step.share(), step.note()));
      }
      if (step.answers() != null && step.answers().firstFailure() != null) {
        String reason = Printable.name(step.answers().firstFailure());
        text.append("%d %%: first failure: %s%n".formatted(step.share(), reason));
      }
    }
    return text.append(sentence()).append(System.lineSeparator()).toString();
  }
}
