package io.allocmem.launcher.watch;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.process.Quantities;
import io.allocmem.launcher.process.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Lines of the plans in the live view, in aligned columns. */
record PlanLines(JvmSample now, int width, boolean ascii) {
  private static final int BAR = 16;

  /** Width that has room for a bar beside all times. */
  private static final int WITH_BAR = 100;

  private static final Set<String> TAKING = Set.of("WAITING", "ALLOCATING");
  private static final Set<String> NEED_A_LOOK = Set.of("EXHAUSTED", "GUARDED", "FAILED", "DEAD");
  private static final AttributedStyle ATTENTION =
      AttributedStyle.BOLD.foreground(AttributedStyle.RED);

  AttributedString of(PlanSample plan) {
    boolean attention = NEED_A_LOOK.contains(plan.phase());
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(padded(PlanSample::name, plan));
    line.append(padded(PlanSample::phase, plan), attention ? ATTENTION : AttributedStyle.BOLD);
    line.append(padded(PlanLines::area, plan));
    Progress progress = Progress.of(now, plan);
    if (width >= WITH_BAR) {
      int full = (int) Math.round(Math.max(0, progress.share()) * BAR);
      line.append(String.valueOf(Chart.full(ascii)).repeat(full), Chart.ACCENT);
      line.append(String.valueOf(Chart.shade(ascii)).repeat(BAR - full)).append(" ");
    }
    line.append(padded(this::amount, plan));
    return line.append(String.join("  ", times(plan))).toAttributedString();
  }

  private String padded(Function<PlanSample, String> cell, PlanSample plan) {
    int widest = now.plans().stream().mapToInt(p -> cell.apply(p).length()).max().orElse(1);
    return ("%-" + (widest + 2) + "s").formatted(cell.apply(plan));
  }

  private static String area(PlanSample plan) {
    return plan.area() == null ? "-" : plan.area();
  }

  private String amount(PlanSample plan) {
    Progress progress = Progress.of(now, plan);
    double share = progress.share();
    String percent = share < 0 ? "     " : String.format(Locale.ROOT, "%3.0f %%", share * 100);
    String goal = progress.goal() > 0 ? " of " + Sizes.of(progress.goal()) : effect(plan);
    return "%s %9s%s".formatted(percent, Sizes.of(progress.now()), goal);
  }

  /** Returns what is measured of a target by effect; empty for another plan. */
  private static String effect(PlanSample plan) {
    return plan.isByEffect()
        ? "  %s, measured %s"
            .formatted(
                plan.until(),
                Quantities.of(Reading.Unit.THOUSANDTHS, plan.orUnknown(Reading.EFFECT_MEASURED)))
        : "";
  }

  private List<String> times(PlanSample plan) {
    List<String> times = new ArrayList<>();
    add(times, dueWord(plan.phase()), plan.orUnknown(Reading.DUE_MILLIS));
    add(times, "lease", plan.orUnknown(Reading.LEASE_END_MILLIS));
    add(times, "duration", plan.orUnknown(Reading.DURATION_END_MILLIS));
    return times;
  }

  private static String dueWord(String phase) {
    if (TAKING.contains(phase)) {
      return "block in";
    }
    return phase.equals("HOLDING") ? "hold" : "step in";
  }

  private void add(List<String> times, String word, long end) {
    if (end > now.time()) {
      times.add(word + " " + time(end - now.time()));
    }
  }

  /** Formats a time in at most two units. */
  static String time(long millis) {
    long seconds = millis / 1000;
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %d s".formatted(seconds / 60, seconds % 60)
        : "%d h %d min".formatted(seconds / 3600, seconds / 60 % 60);
  }
}
