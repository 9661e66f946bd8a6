package io.allocmem.launcher.watch;

import static org.jline.utils.AttributedStyle.BLUE;
import static org.jline.utils.AttributedStyle.CYAN;
import static org.jline.utils.AttributedStyle.GREEN;
import static org.jline.utils.AttributedStyle.MAGENTA;
import static org.jline.utils.AttributedStyle.YELLOW;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.process.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Picture of the live view: takes samples, a size and a sentence, returns lines. Independent of a
 * terminal.
 *
 * @param ascii true if the terminal shows ASCII only
 */
record WatchView(int width, int height, boolean ascii) {
  /** Keys and their commands. */
  static final String KEYS = "p pause  r resume  x release  q quit";

  private static final int LABEL = 11;
  private static final int FIGURE = 11;
  private static final int BAR = 16;
  private static final long WINDOW_MILLIS = 10_000;
  private static final Set<String> TAKING = Set.of("WAITING", "ALLOCATING");
  private static final Set<String> BAD = Set.of("EXHAUSTED", "GUARDED", "FAILED", "DEAD");
  private static final AttributedStyle BOLD = AttributedStyle.BOLD;

  /** A value over time. */
  private record Figure(String label, int color, ToLongFunction<JvmSample> of) {}

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("committed", GREEN, sample -> sample.sum(Reading.COMMITTED)),
          new Figure("touched", CYAN, sample -> sample.sum(Reading.TOUCHED)),
          new Figure("resident", BLUE, sample -> sample.sum(Reading.RESIDENT)),
          new Figure("RSS", YELLOW, sample -> sample.orUnknown(Reading.RSS)),
          new Figure("heap used", MAGENTA, sample -> sample.orUnknown(Reading.HEAP_USED)));

  /**
   * Returns at most {@code height} lines of at most {@code width} columns. The list is mutable:
   * JLine's Display keeps the list, and edits the list when lines move up or down.
   */
  List<AttributedString> draw(History history, String sentence) {
    JvmSample now = history.last();
    List<AttributedString> lines = new ArrayList<>();
    lines.add(head(now));
    now.plans().forEach(plan -> lines.add(plan(now, plan)));
    List<AttributedString> below = below(history, now, sentence);
    int room = height - lines.size() - below.size() - 1;
    lines.addAll(figures(history, room));
    lines.addAll(below);
    lines.add(new AttributedString(KEYS, BOLD));
    return lines.stream()
        .limit(height)
        .map(line -> line.columnSubSequence(0, width).toAttributedString())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Returns the first line: the JVM on the left, the next step on the right. */
  private AttributedString head(JvmSample now) {
    String left =
        "JVM %d  %s  JDK %s".formatted(now.pid(), orDash(now.mainClass()), orDash(now.jdk()));
    String right = due(now);
    int gap = Math.max(2, width - left.length() - right.length());
    int most = Math.max(0, width - right.length() - 2);
    String cut = left.length() > most ? left.substring(0, most) : left;
    return new AttributedString(cut + " ".repeat(gap) + right, BOLD);
  }

  private static String orDash(String known) {
    return known == null ? "-" : known;
  }

  private static String due(JvmSample now) {
    return now.plans().stream()
        .filter(plan -> plan.orUnknown(Reading.DUE_MILLIS) > now.time())
        .map(
            plan ->
                String.format(
                    Locale.ROOT,
                    "next %s in %.1f s",
                    TAKING.contains(plan.phase()) ? "block" : "step",
                    (plan.orUnknown(Reading.DUE_MILLIS) - now.time()) / 1000.0))
        .findFirst()
        .orElse("");
  }

  private AttributedString plan(JvmSample now, PlanSample plan) {
    Progress progress = Progress.of(now, plan);
    AttributedStyle style =
        BAD.contains(plan.phase()) ? BOLD.foreground(AttributedStyle.RED) : BOLD;
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(plan.name() + "  ").append(plan.phase(), style);
    line.append("  " + orDash(plan.area()) + "  ");
    if (progress.share() >= 0) {
      int full = (int) Math.round(progress.share() * BAR);
      line.append((ascii ? "#" : "█").repeat(full), AttributedStyle.DEFAULT.foreground(GREEN));
      line.append((ascii ? "-" : "░").repeat(BAR - full));
      line.append(String.format(Locale.ROOT, " %3.0f %%  ", progress.share() * 100));
    }
    line.append(Sizes.of(progress.now()));
    if (progress.goal() > 0) {
      line.append(" of " + Sizes.of(progress.goal()));
    }
    return line.append(plan.until() == null ? "" : "  until " + plan.until()).toAttributedString();
  }

  /** Gives the first figure the rows that remain. */
  private List<AttributedString> figures(History history, int room) {
    int others = FIGURES.size() - 1;
    int each = Math.max(1, room / (2 * others + 1));
    int first = Math.max(1, room - others * each);
    List<JvmSample> columns = history.columns(Math.max(1, width - LABEL - FIGURE - 1));
    List<AttributedString> lines = new ArrayList<>();
    for (Figure figure : FIGURES) {
      lines.addAll(figure(figure, columns, lines.isEmpty() ? first : each));
    }
    return lines;
  }

  private List<AttributedString> figure(Figure figure, List<JvmSample> columns, int rows) {
    long[] values = columns.stream().mapToLong(figure.of).toArray();
    AttributedStyle style = AttributedStyle.DEFAULT.foreground(figure.color);
    List<AttributedString> lines = new ArrayList<>();
    List<String> drawn = BarChart.draw(values, top(figure, columns), rows, ascii);
    for (int row = 0; row < rows; row++) {
      boolean bottom = row == rows - 1;
      String label = bottom ? figure.label : "";
      String value = bottom ? Sizes.of(values[values.length - 1]) : "";
      String text = ("%-" + LABEL + "s%" + FIGURE + "s ").formatted(label, value);
      lines.add(
          new AttributedStringBuilder()
              .append(text)
              .append(drawn.get(row), style)
              .toAttributedString());
    }
    return lines;
  }

  /**
   * Returns the top of the scale. All figures of the plans share one scale: the goal of the plans,
   * if any.
   */
  private static long top(Figure figure, List<JvmSample> columns) {
    boolean plans = FIGURES.indexOf(figure) < 3;
    ToLongFunction<JvmSample> of = plans ? FIGURES.get(0).of : figure.of;
    long top = columns.stream().mapToLong(of).max().orElse(0);
    return plans ? Math.max(top, columns.get(columns.size() - 1).most()) : top;
  }

  /**
   * Returns the lines below the graphs: time axis, values of JVM and container, and the sentence.
   */
  private List<AttributedString> below(History history, JvmSample now, String sentence) {
    List<AttributedString> lines = new ArrayList<>();
    int graph = Math.max(1, width - LABEL - FIGURE - 1);
    String from = "0 s";
    String to = (now.time() - history.first().time()) / 1000 + " s";
    int gap = history.columns(graph).size() - from.length() - to.length();
    String time = gap > 0 ? from + " ".repeat(gap) + to : to;
    if (height >= 12) {
      lines.add(new AttributedString(" ".repeat(LABEL + FIGURE + 1) + time));
    }
    lines.add(new AttributedString(machine(history, now)));
    if (height >= 12) {
      lines.add(new AttributedString(sentence.isEmpty() ? message(now) : sentence));
    }
    return lines;
  }

  private static String machine(History history, JvmSample now) {
    JvmSample then = history.before(WINDOW_MILLIS);
    long window = now.time() - then.time();
    StringBuilder text = new StringBuilder();
    text.append("collections ")
        .append(now.get(Reading.COLLECTIONS) == null ? "-" : now.get(Reading.COLLECTIONS));
    if (now.get(Reading.PAUSE_MILLIS) != null
        && then.get(Reading.PAUSE_MILLIS) != null
        && window > 0) {
      double share =
          100.0 * (now.get(Reading.PAUSE_MILLIS) - then.get(Reading.PAUSE_MILLIS)) / window;
      text.append(String.format(Locale.ROOT, "  paused %.1f %%", share));
    }
    text.append("  heap max ").append(Sizes.of(now.orUnknown(Reading.HEAP_MAX)));
    if (now.get(Reading.CONTAINER_CAPACITY) != null) {
      text.append("  container ").append(Sizes.of(now.orUnknown(Reading.CONTAINER_USED)));
      text.append(" of ").append(Sizes.of(now.get(Reading.CONTAINER_CAPACITY)));
    }
    return text.toString();
  }

  private static String message(JvmSample now) {
    return now.plans().stream()
        .filter(plan -> !plan.message().isEmpty())
        .map(plan -> now.plans().size() == 1 ? plan.message() : plan.name() + ": " + plan.message())
        .reduce((older, newer) -> newer)
        .orElse("");
  }
}
