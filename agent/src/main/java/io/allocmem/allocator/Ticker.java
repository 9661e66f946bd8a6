package io.allocmem.allocator;

import java.util.concurrent.locks.LockSupport;

/** Time, as an argument: a test brings its own. */
interface Ticker {
  /** The machine's monotonic clock. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void park(long nanos) {
          LockSupport.parkNanos(nanos);
          Thread.interrupted(); // by the application, say: no park would wait any more
        }
      };

  /** Nanoseconds since some fixed moment. */
  long nanoTime();

  /** Waits about so many nanoseconds, or less. */
  void park(long nanos);
}
