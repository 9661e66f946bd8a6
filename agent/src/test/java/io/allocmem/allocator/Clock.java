package io.allocmem.allocator;

/** Simulated time: moves only by a wait of the plan or by the test. Allocates nothing. */
class Clock implements Ticker {
  long now;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void park(long nanos) {
    now += nanos;
  }
}
