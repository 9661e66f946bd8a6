package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import java.util.List;
import java.util.Locale;

/**
 * Events of a record, as HTML: phases and messages first, everything else folded. Both tables are
 * bounded: a rotation of a day has more events than a browser can show.
 */
final class HtmlEvents {
  private static final int MOST_IMPORTANT = 40;
  private static final int MOST = 1000;

  private final Recording recording;
  private final List<Event> events;

  HtmlEvents(Recording recording) {
    this.recording = recording;
    this.events = Event.of(recording);
  }

  @Override
  public String toString() {
    List<Event> important = events.stream().filter(Event::isImportant).toList();
    return table(important, MOST_IMPORTANT)
        + "<details><summary>All %,d events: blocks and collections as well</summary>%n"
            .formatted(events.size())
        + table(events, MOST)
        + "</details>";
  }

  private String table(List<Event> rows, int most) {
    String more =
        rows.size() <= most
            ? ""
            : "<p>The first %d of %d; a .csv has all.</p>".formatted(most, rows.size());
    return HtmlTables.table(
            "scroll events",
            HtmlTables.titles(
                "time", "plan", "event", "committed", "resident", "RSS", "heap used", "heap live"),
            rows.stream().limit(most).map(this::row))
        + more;
  }

  private String row(Event event) {
    JvmSample sample = event.sample();
    PlanSample plan = event.plan();
    return HtmlTables.row(
        time(recording.millis(sample)),
        plan == null ? "" : plan.name(),
        event.what(),
        HtmlTables.bytes(plan == null ? (Long) sample.committed() : plan.get(Reading.COMMITTED)),
        plan == null ? "" : HtmlTables.bytes(plan.get(Reading.RESIDENT)),
        HtmlTables.bytes(sample.get(Reading.RSS)),
        HtmlTables.bytes(sample.get(Reading.HEAP_USED)),
        HtmlTables.bytes(sample.get(Reading.HEAP_LIVE)));
  }

  /** Returns a time of the record, as exact as a sample: {@code 1:02:03.4}. */
  private static String time(long millis) {
    long minutes = millis / 60_000;
    String seconds = String.format(Locale.ROOT, "%04.1f", millis % 60_000 / 1000.0);
    return minutes < 60
        ? minutes + ":" + seconds
        : "%d:%02d:%s".formatted(minutes / 60, minutes % 60, seconds);
  }
}
