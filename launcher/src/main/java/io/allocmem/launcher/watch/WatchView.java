package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/**
 * Picture of the live view: takes samples, a size and a sentence, returns lines. Independent of a
 * terminal. Each plan has a line and a chart; below are the meters of the JVM, a lane of the
 * collections, and lanes of what pressure costs.
 *
 * @param ascii true if the terminal shows ASCII only
 */
record WatchView(int width, int height, boolean ascii) {
  /** Keys and their commands. */
  static final String KEYS = "p pause  r resume  x release  q quit";

  /** Height from which the picture has a time axis and a sentence. */
  private static final int ROOMY = 12;

  /** Lines beside the plans: title, meters, lane, axis, sentence and keys. */
  private static final int OTHERS = 8;

  /** Rows of a plan that no lane of costs takes away: line and chart. */
  private static final int ROWS_OF_PLAN = 4;

  private static final AttributedStyle BOLD = AttributedStyle.BOLD;

  /**
   * Returns at most {@code height} lines of at most {@code width} columns. The list is mutable:
   * JLine's Display keeps the list, and edits the list when lines move up or down.
   */
  List<AttributedString> draw(History history, String sentence) {
    JvmSample now = history.last();
    List<JvmSample> columns = history.columns(Math.max(1, width - Meter.FIGURES));
    List<AttributedString> below = below(history, columns, sentence);
    List<AttributedString> lines = new ArrayList<>();
    lines.add(new AttributedString(head(now), BOLD));
    lines.addAll(middle(now, columns, height - 1 - below.size()));
    lines.addAll(below);
    return lines.stream()
        .limit(height)
        .map(line -> line.columnSubSequence(0, width).toAttributedString())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private String head(JvmSample now) {
    return shown(
        "JVM %d  %s  JDK %s".formatted(now.pid(), orDash(now.mainClass()), orDash(now.jdk())));
  }

  private static String orDash(String known) {
    return known == null ? "-" : known;
  }

  /** Returns the text of others as this terminal can show the text. */
  private String shown(String text) {
    return ascii ? text.replaceAll("[^\\x20-\\x7e]", "?") : text;
  }

  /** Gives a plan twice the rows of a meter, and each meter one row at least. */
  private List<AttributedString> middle(JvmSample now, List<JvmSample> columns, int room) {
    int most = Math.max(1, height - OTHERS);
    List<PlanSample> plans = now.plans().stream().limit(most).toList();
    List<Meter> meters = Meter.of(now, columns, ascii);
    boolean hides = plans.size() < now.plans().size();
    int rows = room - plans.size() - (hides ? 1 : 0);
    int each = Math.max(1, rows / (2 * plans.size() + meters.size()));
    int charts = Math.max(0, rows - each * meters.size());
    List<AttributedString> lines = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      int extra = i < charts % plans.size() ? 1 : 0;
      lines.add(new PlanLines(now, width, ascii).of(plans.get(i)));
      lines.addAll(Meter.of(plans.get(i), columns, ascii).draw(charts / plans.size() + extra));
    }
    if (hides) {
      int hidden = now.plans().size() - plans.size();
      lines.add(new AttributedString("%d plans more: allocmem status".formatted(hidden)));
    }
    meters.forEach(meter -> lines.addAll(meter.draw(each)));
    return lines.subList(0, Math.max(0, Math.min(lines.size(), room)));
  }

  /** Returns the lines below the charts: collections, costs, time axis, sentence, keys. */
  private List<AttributedString> below(History history, List<JvmSample> columns, String sentence) {
    JvmSample now = history.last();
    List<AttributedString> lines = new ArrayList<>();
    lines.add(GcLane.draw(history, columns, ascii));
    int free = height - OTHERS - ROWS_OF_PLAN * now.plans().size();
    lines.addAll(EffectLanes.draw(columns, free, ascii));
    if (height >= ROOMY) {
      lines.add(new AttributedString(axis(history, columns.size())));
      lines.add(new AttributedString(shown(sentence.isEmpty() ? message(now) : sentence)));
    }
    lines.add(new AttributedString(KEYS, BOLD));
    return lines;
  }

  private static String axis(History history, int columns) {
    String from = "0 s";
    String to = PlanLines.time(history.last().time() - history.first().time());
    int gap = columns - from.length() - to.length();
    return " ".repeat(Meter.FIGURES) + (gap > 0 ? from + " ".repeat(gap) + to : to);
  }

  private static String message(JvmSample now) {
    return now.plans().stream()
        .filter(plan -> !plan.message().isEmpty())
        .map(plan -> now.plans().size() == 1 ? plan.message() : plan.name() + ": " + plan.message())
        .reduce((older, newer) -> newer)
        .orElse("");
  }
}
