package io.allocmem.allocator;

/** Simulated time: moves only by a wait of the plan or by the test. Allocates nothing. */
class Clock implements Ticker {
  long now;

  /** Time that each look at the clock takes. */
  long step;

  @Override
  public long nanoTime() {
    now += step;
    return now;
  }

  @Override
  public void park(long nanos) {
    now += nanos;
  }
}
