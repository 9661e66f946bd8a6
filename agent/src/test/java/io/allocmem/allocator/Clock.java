package io.allocmem.allocator;

/** Time that moves only when the plan waits, or when the test says so. Allocates nothing. */
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
