package io.allocmem.launcher.report;

import io.allocmem.control.Phase;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.report.Canvas.Anchor;
import io.allocmem.launcher.report.Canvas.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Phases of a plan as a lane under its chart. In a column with several phases, a phase that needs a
 * look wins.
 */
final class PhaseLane {
  static final int HEIGHT = 18;

  /** Phase of a sample without the plan. */
  static final String NONE = "-";

  /** Phases that a reader should look at. */
  private static final Set<String> ALARMS =
      Set.of(Phase.EXHAUSTED.name(), Phase.GUARDED.name(), Phase.FAILED.name(), StatusReport.DEAD);

  private static final Set<String> LEVEL = Set.of(Phase.HOLDING.name(), Phase.ROTATING.name());

  private final Recording recording;
  private final List<String> phases;

  PhaseLane(Recording recording, List<String> phases) {
    this.recording = recording;
    this.phases = phases;
  }

  /** Returns true for a phase that a reader should look at. */
  static boolean isAlarm(String phase) {
    return ALARMS.contains(phase);
  }

  /** Returns true for a phase at the requested level. */
  static boolean isLevel(String phase) {
    return LEVEL.contains(phase);
  }

  void draw(Canvas canvas, TimeAxis times, int top) {
    String[] columns = columns(times);
    int from = 0;
    for (int to = 1; to <= columns.length; to++) {
      if (to == columns.length || !columns[to].equals(columns[from])) {
        draw(canvas, columns[from], times.left() + from, times.left() + to, top);
        from = to;
      }
    }
  }

  private String[] columns(TimeAxis times) {
    String[] columns = new String[Math.max(1, times.right() - times.left())];
    Arrays.fill(columns, NONE);
    int[] at = times.columns(recording);
    for (int i = 0; i < at.length; i++) {
      int from = Math.min(at[i] - times.left(), columns.length - 1);
      int to = i + 1 < at.length ? at[i + 1] - times.left() : columns.length;
      for (int column = from; column < Math.max(to, from + 1); column++) {
        if (column > from || !isAlarm(columns[column])) {
          columns[column] = phases.get(i);
        }
      }
    }
    return columns;
  }

  private static void draw(Canvas canvas, String phase, int from, int to, int top) {
    if (phase.equals(NONE)) {
      return;
    }
    boolean alarm = isAlarm(phase);
    Palette ground = alarm ? Palette.RSS : isLevel(phase) ? Palette.HELD : Palette.PANEL;
    canvas.box(ground, from, top, Math.max(1, to - from - 1), HEIGHT - 3);
    if (Canvas.width(phase) + 12 < to - from) {
      Palette ink = alarm ? Palette.PAPER : Palette.TEXT;
      canvas.text(from + 5, top + Canvas.LETTERS - 1, Anchor.START, Words.of(ink, phase));
    }
  }
}
