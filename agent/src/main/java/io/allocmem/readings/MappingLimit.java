package io.allocmem.readings;

import io.allocmem.control.Reading;

/**
 * Limit of memory mappings of a process ({@code vm.max_map_count}). At this limit a JVM aborts in
 * the next operation. Counting is slow if the process has many mappings, and therefore rare.
 * Between two counts, each block counts as several mappings.
 */
final class MappingLimit extends KernelLimit {
  /**
   * Mappings of a block: a thread has a mapping for its stack, and another for each change of
   * protection in the stack.
   */
  private static final int MOST_A_BLOCK = 4;

  private static final long MOST_MARGIN = 8192;

  /** Minimum age of a count before the next count: the application maps memory, too. */
  private static final long OFTEN_NANOS = 1_000_000_000;

  /** Divisor: counting takes at most this part of the time. */
  private static final int COST_SHARE = 100;

  private final KernelFile maps;
  private long counted = Reading.UNKNOWN;
  private long since;
  private long countedAt;
  private long cost;

  /**
   * @param maps list of the mappings; null if the list cannot be read
   */
  MappingLimit(KernelFile maps, long most) {
    super(
        "the most mappings of memory (vm.max_map_count)",
        MOST_MARGIN,
        false,
        Figure.of(most),
        Figure.of(0));
    this.maps = maps;
  }

  @Override
  long used(long most, long more) {
    since += MOST_A_BLOCK * more;
    long room = most - margin(most) - counted;
    long now = System.nanoTime();
    boolean due = now - countedAt > Math.max(OFTEN_NANOS, COST_SHARE * cost);
    if (counted < 0 || due || since > room / 2) {
      counted = maps == null ? Reading.UNKNOWN : maps.lines();
      since = 0;
      countedAt = System.nanoTime();
      cost = countedAt - now;
    }
    return counted < 0 ? counted : counted + since;
  }
}
