package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.process.Sizes;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of plans and JVM, as HTML. This class escapes all text of the record. */
final class HtmlTables {
  /** Maximum number of plans in the table. */
  private static final int MOST_PLANS = 100;

  /** Maximum width of a cell: a text of the JVM cannot make the page large. */
  private static final int LONGEST = Canvas.width("m".repeat(300));

  private final Recording recording;

  HtmlTables(Recording recording) {
    this.recording = recording;
  }

  String plans() {
    int plans = recording.plans().size();
    String more =
        plans <= MOST_PLANS
            ? ""
            : "<p>The first %d of %d; a .csv has all.</p>".formatted(MOST_PLANS, plans);
    Stream<String> rows =
        recording.plans().stream().limit(MOST_PLANS).map(recording::last).map(HtmlTables::plan);
    return table(
            "scroll",
            titles(
                "plan", "area", "block", "limit", "until", "fill", "delay", "then", "last phase"),
            rows)
        + more;
  }

  private static String plan(PlanSample plan) {
    boolean none = plan.limit() != null && plan.limit() == 0;
    return row(
        plan.name(),
        known(plan.area()),
        bytes(plan.blockSize()),
        none ? "all" : bytes(plan.limit()),
        known(plan.until()),
        known(plan.fill()),
        plan.delayMs() == null ? "-" : plan.delayMs() + " ms",
        known(plan.then()),
        plan.phase());
  }

  String jvm() {
    return "<table class=\"facts\">"
        + row("main class", known(recording.known(JvmSample::mainClass)))
        + row("pid", recording.first().pid())
        + row("JDK", known(recording.known(JvmSample::jdk)))
        + row("agent", known(recording.known(JvmSample::agentVersion)))
        + row("heap max", bytes(recording.known(Reading.HEAP_MAX)))
        + row("container", bytes(recording.known(Reading.CONTAINER_CAPACITY)))
        + row("collections since the JVM started", known(recording.known(Reading.COLLECTIONS)))
        + row("pauses of collections, ms", known(recording.known(Reading.PAUSE_MILLIS)))
        + "</table>";
  }

  static String table(String classes, String titles, Stream<String> rows) {
    return "<div class=\"%s\"><table>%s%n<tbody>%n%s</tbody></table></div>"
        .formatted(classes, titles, rows.collect(Collectors.joining()));
  }

  static String titles(String... titles) {
    return Stream.of(titles)
        .map(title -> "<th scope=\"col\">" + title)
        .collect(Collectors.joining("", "<thead><tr>", "</thead>"));
  }

  static String row(Object first, Object... cells) {
    return Stream.of(cells)
        .map(cell -> "<td>" + escape(cell))
        .collect(Collectors.joining("", "<tr><th scope=\"row\">" + escape(first), "\n"));
  }

  private static String escape(Object cell) {
    return SvgCanvas.escape(Canvas.cut(String.valueOf(cell), LONGEST));
  }

  static String bytes(Long bytes) {
    return Sizes.of(bytes == null ? Reading.UNKNOWN : bytes);
  }

  private static Object known(Object value) {
    return value == null ? "-" : value;
  }
}
