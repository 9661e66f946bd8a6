package io.allocmem.launcher.many;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Draws a share of JVMs. The number of a JVM depends on the seed, pid and start time only, and the
 * JVMs with the lowest numbers are drawn. The same seed therefore draws the same JVMs of the same
 * set, in any order of the list. An ended or a new JVM changes the draw by few JVMs.
 *
 * @param percent share of the JVMs, 1 to 100
 */
public record Draw(int percent, long seed) {
  /** Odd constants of the finalizer of SplitMix64 (Steele et al., 2014). */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static final long FIRST = 0xBF58476D1CE4E5B9L;
  private static final long SECOND = 0x94D049BB133111EBL;

  /** Returns the drawn JVMs in the order of the list: the rounded share, at least one. */
  public List<ManyTarget> of(List<ManyTarget> all) {
    Comparator<ManyTarget> byNumber = Comparator.comparingLong(this::number);
    List<ManyTarget> ordered =
        all.stream().sorted(byNumber.thenComparingLong(ManyTarget::pid)).toList();
    Set<ManyTarget> drawn = new HashSet<>(ordered.subList(0, countOf(all.size())));
    return all.stream().filter(drawn::contains).toList();
  }

  /** Returns the number of drawn JVMs: halves are rounded up. */
  int countOf(int all) {
    long rounded = ((long) all * percent + 50) / 100;
    return (int) Math.min(all, Math.max(1, rounded));
  }

  private long number(ManyTarget jvm) {
    return mixed(mixed(mixed(seed) + jvm.pid()) + jvm.started());
  }

  private static long mixed(long value) {
    long z = value + GOLDEN;
    z = (z ^ z >>> 30) * FIRST;
    z = (z ^ z >>> 27) * SECOND;
    return z ^ z >>> 31;
  }
}
