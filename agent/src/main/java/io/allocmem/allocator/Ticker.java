package io.allocmem.allocator;

import java.util.concurrent.locks.LockSupport;

/** Clock as an argument: a test supplies its own clock. */
interface Ticker {
  /** Monotonic clock of the machine. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void park(long nanos) {
          LockSupport.parkNanos(nanos);
          Thread.interrupted(); // after an interrupt by the application, park would not wait
        }
      };

  /** Returns the nanoseconds since some fixed moment. */
  long nanoTime();

  /** Waits about {@code nanos} nanoseconds, or less. */
  void park(long nanos);
}
