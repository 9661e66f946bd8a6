package io.allocmem.launcher.knee;

import io.allocmem.control.Printable;
import io.allocmem.control.Reading;
import io.allocmem.launcher.load.LoadWindow;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Result of a step.
 *
 * @param share share of the heap that was asked for, in percent; 0 without pressure
 * @param outcome null for a step that did not end
 * @param cause reason of an outcome other than KEPT; null for none
 * @param figures measured while the heap was held
 * @param stalls stalls inside the JVM
 * @param answers answers to the client; null without a client
 * @param note sentence about a limitation of the figures; null for none
 */
record StepResult(
    int share,
    Outcome outcome,
    String cause,
    Figures figures,
    Latencies stalls,
    LoadWindow answers,
    String note) {

  /**
   * Figures of the JVM, each {@link Reading#UNKNOWN} if not measured.
   *
   * @param live mean of the live heap in bytes
   * @param heapMax bytes
   * @param gc share of the process's CPU time, in thousandths
   * @param pauses share of the time, in thousandths
   */
  record Figures(long live, long heapMax, long gc, long pauses, long collections, long millis) {
    static final Figures NONE =
        new Figures(
            Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN, Reading.UNKNOWN, 0);

    /** Returns the live heap in thousandths of the maximum heap. */
    long liveShare() {
      return live < 0 || heapMax <= 0 ? Reading.UNKNOWN : Math.round(1000.0 * live / heapMax);
    }
  }

  /** Returns the result of a step that the area refused. */
  static StepResult refused(int share, String cause, Figures figures) {
    return new StepResult(
        share, Outcome.REFUSED, Printable.name(cause), figures, Latencies.NONE, null, null);
  }

  /** Returns the times that the promise is about. */
  Latencies promised() {
    return answers == null ? stalls : Latencies.of(answers);
  }

  /** Returns the same result with another live heap, as a collection after the step shows it. */
  StepResult withLive(long live) {
    Figures same =
        new Figures(
            live, figures.heapMax, figures.gc, figures.pauses, figures.collections, figures.millis);
    return new StepResult(share, outcome, cause, same, stalls, answers, note);
  }

  /** Returns the fields for JSON. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("asked", share);
    fields.put("outcome", outcome.name());
    fields.put("cause", cause);
    fields.put("millis", figures.millis);
    fields.put("heapLive", known(figures.live));
    fields.put("liveShare", known(figures.liveShare()));
    fields.put("collections", known(figures.collections));
    fields.put("gcOfProcess", known(figures.gc));
    fields.put("pauses", known(figures.pauses));
    fields.put("stalls", stalls.fields());
    fields.put("answers", answers == null ? null : fields(answers));
    fields.put("note", note);
    return fields;
  }

  private static Map<String, Object> fields(LoadWindow window) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", window.answers());
    fields.put("failures", window.failures());
    fields.put("firstFailure", window.firstFailure());
    fields.put("perSecond", Math.round(10 * window.perSecond()) / 10.0);
    fields.putAll(Latencies.of(window).fields());
    return fields;
  }

  private static Long known(long value) {
    return value < 0 ? null : value;
  }
}
