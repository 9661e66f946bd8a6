package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.Recovery;
import io.allocmem.launcher.process.Sizes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Figures that a reader wants first: verdicts, before, held, after, and the cost of collections.
 *
 * @param tiles all tiles of the page
 * @param costs those of what pressure costs
 */
record Headline(
    String title,
    String period,
    List<PlanVerdict> verdicts,
    List<Tile> tiles,
    List<Tile> costs,
    Collections collections) {
  /** Maximum number of plans with a verdict and a chart. */
  static final int MOST_PLANS = 8;

  /** Maximum number of characters of a name. */
  private static final int LONGEST = 60;

  /** Growth of a meter that is too small for a share. */
  private static final long NOISE = 16L << 20;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** A figure with its caption. */
  record Figure(String value, String caption) {}

  /** Three figures of one subject, and a remark, which can be empty. */
  record Tile(String subject, List<Figure> figures, String remark) {}

  static Headline of(Recording recording) {
    Collections collections = Collections.of(recording);
    List<Tile> tiles = new ArrayList<>();
    // heap used has garbage: the live heap says more, where known
    Reading heap =
        recording.known(Reading.HEAP_LIVE) == null ? Reading.HEAP_USED : Reading.HEAP_LIVE;
    recording
        .recovery()
        .meters(Reading.RSS, heap, Reading.CONTAINER_USED)
        .forEach(meter -> tiles.add(tile(meter)));
    if (collections.count() != null) {
      tiles.add(tile(collections));
    }
    List<Tile> costs = Costs.of(recording);
    tiles.addAll(costs);
    return new Headline(
        title(recording),
        period(recording),
        recording.plans().stream()
            .limit(MOST_PLANS)
            .map(plan -> PlanVerdict.of(recording, plan))
            .toList(),
        tiles,
        costs,
        collections);
  }

  private static String title(Recording recording) {
    String service = recording.known(JvmSample::mainClass);
    return "%s, JVM %d".formatted(service == null ? "-" : cut(service), recording.first().pid());
  }

  /** Returns a name of bounded length. */
  static String cut(String name) {
    return Canvas.cut(name, Canvas.width("m".repeat(LONGEST)));
  }

  private static String period(Recording recording) {
    int samples = recording.samples().size();
    return "%s, %s in %,d %s"
        .formatted(
            UTC.format(Instant.ofEpochMilli(recording.first().time())),
            TimeAxis.period(recording.durationMillis()),
            samples,
            samples == 1 ? "sample" : "samples");
  }

  private static Tile tile(Recovery.Meter meter) {
    return new Tile(
        meter.name(),
        List.of(
            new Figure(Sizes.of(meter.before()), "before"),
            new Figure(Sizes.of(meter.held()), "held"),
            new Figure(Sizes.of(meter.after()), "after")),
        regained(meter));
  }

  /** Returns the share of the growth that came back; empty if a figure is unknown. */
  private static String regained(Recovery.Meter meter) {
    long growth = meter.held() - meter.before();
    if (Math.min(meter.before(), meter.after()) == Reading.UNKNOWN || growth < NOISE) {
      return "";
    }
    double share = Math.max(0, (double) (meter.held() - meter.after()) / growth);
    return "%.0f %% of the growth came back".formatted(Math.min(1, share) * 100);
  }

  private static Tile tile(Collections collections) {
    boolean paused = collections.pausedMillis() != null && collections.pausedMillis() > 0;
    return new Tile(
        "collections",
        List.of(
            new Figure(collections.counted(), "during the record"),
            new Figure(collections.paused(), "paused"),
            new Figure(collections.cpu(), "CPU time")),
        paused ? "paused for " + collections.share() + " of the time" : "");
  }
}
