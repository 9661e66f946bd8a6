package io.allocmem.readings;

import io.allocmem.control.Reading;

/**
 * How many mappings of memory a process may have ({@code vm.max_map_count}). A JVM at its end
 * aborts in whatever it does next. Counting them takes as long as there are many, so it is done
 * rarely: between two counts each block counts as some.
 */
final class MappingLimit extends KernelLimit {
  /** A thread has one for its stack, and one for each change of protection in it. */
  private static final int MOST_A_BLOCK = 4;

  private static final long MOST_MARGIN = 8192;

  /** Others map, too. */
  private static final long OFTEN_NANOS = 1_000_000_000;

  /** Counting takes at most so much of the time. */
  private static final int COST_SHARE = 100;

  private final KernelFile maps;
  private long counted = Reading.UNKNOWN;
  private long since;
  private long countedAt;
  private long cost;

  /**
   * @param maps null when it cannot be read
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
    since += MOST_A_BLOCK;
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
