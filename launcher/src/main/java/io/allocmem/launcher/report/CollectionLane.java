package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Collections as a lane of bars of equal time. A bar is the share of paused time, or the number of
 * collections if the JVM counts no pauses. Between two samples the collections are spread evenly.
 */
final class CollectionLane implements Panel {
  private static final int TITLE = 20;
  private static final int LANE = 44;
  private static final int BAR = 4;

  private final Recording recording;
  private final Collections sum;
  private final boolean paused;

  CollectionLane(Recording recording, Collections sum) {
    this.recording = recording;
    this.sum = sum;
    this.paused = sum.pausedMillis() != null && sum.pausedMillis() > 0;
  }

  @Override
  public int height(int width) {
    return sum.count() == 0 ? TITLE : TITLE + LANE + TimeAxis.HEIGHT;
  }

  @Override
  public void draw(Canvas canvas, int width, int top) {
    TimeAxis times = TimeAxis.across(recording, width);
    int room = width - Canvas.width("Collections  ");
    canvas.text(
        0,
        top + Canvas.LETTERS,
        Anchor.START,
        Words.bold("Collections"),
        Words.of(Palette.FAINT, "\u2002" + Canvas.cut(summary(times), room)));
    if (sum.count() > 0) {
      drawBars(canvas, times, top + TITLE + LANE);
    }
  }

  private void drawBars(Canvas canvas, TimeAxis times, int bottom) {
    double[] bars = bars(times, paused ? Reading.PAUSE_MILLIS : Reading.COLLECTIONS);
    double[] counts = bars(times, Reading.COLLECTIONS);
    double most = DoubleStream.of(bars).max().orElse(0);
    canvas.rule(Palette.GRID, times.left(), bottom, times.right(), bottom);
    label(canvas, times, most, bottom);
    for (int i = 0; i < bars.length; i++) {
      int least = counts[i] > 0 ? 2 : 0; // a collection without a pause is seen as well
      int tall = Math.max(least, (int) Math.round(bars[i] / most * LANE));
      if (tall > 0) {
        canvas.box(Palette.USED, times.left() + i * BAR, bottom - tall, BAR - 1, tall);
      }
    }
    times.labels(canvas, bottom + Canvas.LETTERS + 4);
  }

  private String summary(TimeAxis times) {
    if (sum.count() == 0) {
      return sum.counted();
    }
    String share = sum.share().isEmpty() ? "" : " = " + sum.share() + " of the time";
    return sum.counted()
        + (paused ? ", paused " + sum.paused() + share : "")
        + "; a bar is "
        + TimeAxis.period(Math.round(binMillis(times)));
  }

  private void label(Canvas canvas, TimeAxis times, double most, int bottom) {
    double share = most / binMillis(times);
    String text = paused ? Collections.percent(share) : String.format(Locale.ROOT, "%.1f", most);
    canvas.text(times.left() - 6, bottom - LANE + 10, Anchor.END, Words.of(Palette.FAINT, text));
    canvas.rule(Palette.GRID, times.left(), bottom - LANE, times.right(), bottom - LANE);
  }

  private double binMillis(TimeAxis times) {
    return (double) Math.max(1, times.millis()) / bins(times);
  }

  private static int bins(TimeAxis times) {
    return Math.max(1, (times.right() - times.left()) / BAR);
  }

  private double[] bars(TimeAxis times, Reading counter) {
    double[] bars = new double[bins(times)];
    JvmSample before = null;
    for (JvmSample now : recording.samples()) {
      if (now.get(counter) == null) {
        continue;
      }
      if (before != null && now.get(counter) > before.get(counter)) {
        double bin = binMillis(times);
        double from = recording.millis(before) / bin;
        double to = recording.millis(now) / bin;
        spread(bars, from, to, (double) now.get(counter) - before.get(counter));
      }
      before = now;
    }
    return bars;
  }

  /** Adds an amount to the bars between two positions. */
  private static void spread(double[] bars, double from, double to, double amount) {
    if (to <= from) { // both samples at one time
      bars[Math.max(0, Math.min((int) to, bars.length - 1))] += amount;
      return;
    }
    for (int i = (int) Math.max(0, from); i < bars.length && i < to; i++) {
      bars[i] += amount * (Math.min(i + 1, to) - Math.max(i, from)) / (to - from);
    }
  }
}
