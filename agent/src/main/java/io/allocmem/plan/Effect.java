package io.allocmem.plan;

import java.util.Locale;

/** Effect of memory pressure on a JVM, by the words of {@code stop-if}. */
public enum Effect {
  /** Part of collections in the CPU time of the process. */
  GC(true),
  /** Part of the time in which some thread of the container waited for memory. */
  PSI(true),
  /** Pauses of collections between two looks, in sum. */
  PAUSE(false),
  /** Median of the stalls of a second. */
  STALL_P50(false),
  /** 99 % of the stalls of a second are shorter. */
  STALL_P99(false),
  /** 99.9 % of the stalls of a second are shorter. */
  STALL_P999(false),
  /** Longest stall of a second. */
  STALL_MAX(false);

  private final boolean share;

  Effect(boolean share) {
    this.share = share;
  }

  /** Returns true for a share, whose limit is in thousandths; false for microseconds. */
  public boolean isShare() {
    return share;
  }

  /** Returns true if a probe of stalls must run. */
  public boolean needsProbe() {
    return name().startsWith("STALL");
  }

  /** Returns the word of the option: {@code stall.p99}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.').replace("p999", "p99.9");
  }
}
