package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Recovery;
import io.allocmem.launcher.process.Sizes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of a record, as HTML. This class escapes all text of the record. */
final class HtmlTables {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Limit of events: a rotation of a day has more events than a browser can show. */
  private static final int MOST_EVENTS = 1000;

  private final Recording recording;

  HtmlTables(Recording recording) {
    this.recording = recording;
  }

  static String escape(Object text) {
    return String.valueOf(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  String title() {
    return "%s, JVM %d".formatted(known(recording.known(JvmSample::mainClass)), pid());
  }

  private long pid() {
    return recording.first().pid();
  }

  String summary() {
    String begin = UTC.format(Instant.ofEpochMilli(recording.first().time()));
    String seconds = seconds(recording.durationMillis());
    StringBuilder rows = new StringBuilder();
    for (String plan : recording.plans()) {
      rows.append(row("plan " + plan, recording.last(plan).toHuman()));
    }
    rows.append(
        row(
            "recorded",
            "%s, %s s in %d samples".formatted(begin, seconds, recording.samples().size())));
    return "<table class=\"facts\">" + rows + "</table>";
  }

  String recovery() {
    Recovery recovery = recording.recovery();
    Stream<String> rows =
        recovery
            .meters(Reading.RSS, Reading.HEAP_USED, Reading.HEAP_LIVE, Reading.CONTAINER_USED)
            .stream()
            .map(
                meter ->
                    row(
                        meter.name(),
                        Sizes.of(meter.before()),
                        Sizes.of(meter.held()),
                        Sizes.of(meter.after())));
    return table(titles("", "before", "held", "after"), rows);
  }

  String plans() {
    Stream<String> rows = recording.plans().stream().map(recording::last).map(HtmlTables::plan);
    return table(
        titles("plan", "area", "block", "limit", "until", "fill", "delay", "then", "last phase"),
        rows);
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
        + row("pid", pid())
        + row("JDK", known(recording.known(JvmSample::jdk)))
        + row("agent", known(recording.known(JvmSample::agentVersion)))
        + row("heap max", bytes(recording.known(Reading.HEAP_MAX)))
        + row("container", bytes(recording.known(Reading.CONTAINER_CAPACITY)))
        + row("collections since the JVM started", known(recording.known(Reading.COLLECTIONS)))
        + row("pauses of collections, ms", known(recording.known(Reading.PAUSE_MILLIS)))
        + "</table>";
  }

  String events() {
    List<Event> events = Event.of(recording);
    Stream<String> rows = events.stream().limit(MOST_EVENTS).map(this::event);
    String more =
        events.size() <= MOST_EVENTS
            ? ""
            : "<p>The first %d of %d; a .csv has all.</p>".formatted(MOST_EVENTS, events.size());
    return table(
            titles("s", "plan", "event", "committed", "resident", "RSS", "heap used", "heap live"),
            rows)
        + more;
  }

  private String event(Event event) {
    JvmSample sample = event.sample();
    PlanSample plan = event.plan();
    return row(
        seconds(recording.millis(sample)),
        plan == null ? "" : plan.name(),
        event.what(),
        bytes(plan == null ? (Long) sample.committed() : plan.get(Reading.COMMITTED)),
        plan == null ? "" : bytes(plan.get(Reading.RESIDENT)),
        bytes(sample.get(Reading.RSS)),
        bytes(sample.get(Reading.HEAP_USED)),
        bytes(sample.get(Reading.HEAP_LIVE)));
  }

  private static String table(String titles, Stream<String> rows) {
    return "<div class=\"wide\"><table>%s%n<tbody>%n%s</tbody></table></div>"
        .formatted(titles, rows.collect(Collectors.joining()));
  }

  private static String titles(String... titles) {
    return Stream.of(titles)
        .map(title -> "<th scope=\"col\">" + title)
        .collect(Collectors.joining("", "<thead><tr>", "</thead>"));
  }

  private static String row(Object first, Object... cells) {
    return Stream.of(cells)
        .map(cell -> "<td>" + escape(cell))
        .collect(Collectors.joining("", "<tr><th scope=\"row\">" + escape(first), "\n"));
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
  }

  private static String bytes(Long bytes) {
    return Sizes.of(bytes == null ? Reading.UNKNOWN : bytes);
  }

  private static Object known(Object value) {
    return value == null ? "-" : value;
  }
}
