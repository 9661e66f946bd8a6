package io.allocmem.launcher.watch;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * Lane of the collections: one row, where a full column means that collections stopped the
 * application all the time. A collection without a measured pause is an eighth of a column.
 */
final class GcLane {
  /** Time of the share in figures. */
  private static final long WINDOW_MILLIS = 10_000;

  private static final int SCALE = 1000;

  private GcLane() {}

  static AttributedString draw(History history, List<JvmSample> columns, boolean ascii) {
    long[] shares = new long[columns.size()];
    for (int column = 1; column < shares.length; column++) {
      shares[column] = share(columns.get(column - 1), columns.get(column));
    }
    Chart chart = new Chart(shares, new long[0], SCALE, -1, -1, ascii);
    return new AttributedStringBuilder()
        .append(figures(history))
        .append(chart.draw(1).get(0))
        .toAttributedString();
  }

  /** Returns the paused share of the time between two samples, of {@link #SCALE}. */
  private static long share(JvmSample then, JvmSample now) {
    long time = now.time() - then.time();
    long paused = increase(Reading.PAUSE_MILLIS, then, now);
    boolean collected = increase(Reading.COLLECTIONS, then, now) > 0;
    long share = time <= 0 ? 0 : paused * SCALE / time;
    return collected || paused > 0 ? Math.max(1, share) : 0;
  }

  private static long increase(Reading reading, JvmSample then, JvmSample now) {
    boolean known = then.get(reading) != null && now.get(reading) != null;
    return known ? Math.max(0, now.get(reading) - then.get(reading)) : 0;
  }

  private static String figures(History history) {
    JvmSample now = history.last();
    JvmSample then = history.before(WINDOW_MILLIS);
    Long count = now.get(Reading.COLLECTIONS);
    boolean known = now.get(Reading.PAUSE_MILLIS) != null && now.time() > then.time();
    double percent =
        known
            ? 100.0 * increase(Reading.PAUSE_MILLIS, then, now) / (now.time() - then.time())
            : Reading.UNKNOWN;
    String share = known ? String.format(Locale.ROOT, "%.1f %%", percent) : "-";
    String label = "GC " + (count == null ? "-" : count);
    return Meter.LINE.formatted(label, share);
  }
}
