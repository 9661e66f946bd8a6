import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/**
 * Load of allocations: two threads make garbage at full speed, and replace parts of a live set.
 * Each part has a checksum of its content.
 */
final class Load {
  private final AtomicLong allocated = new AtomicLong();
  private final AtomicLong corrupt = new AtomicLong();
  private final long end;
  private volatile String failure = "";

  /** Receives each array: an array that never escapes would not be allocated. */
  private volatile int[] sink;

  private Load(int seconds) {
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
  }

  /**
   * Runs the load with a live set of {@code liveMib}, and calls System.gc() each {@code gcSeconds}
   * (0: never).
   */
  static String run(int seconds, int liveMib, int gcSeconds) throws InterruptedException {
    Load load = new Load(seconds);
    Thread[] threads = new Thread[2];
    for (int i = 0; i < threads.length; i++) {
      long seed = i;
      threads[i] = new Thread(() -> load.work(new Random(seed), liveMib * 8));
      threads[i].start();
    }
    for (long second = 1; load.isOn(); second++) {
      Thread.sleep(Math.max(1, Math.min(1000, (load.end - System.nanoTime()) / 1_000_000)));
      if (gcSeconds > 0 && second % gcSeconds == 0) {
        System.gc();
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return "load of "
        + (load.allocated.get() >> 20)
        + " MiB: "
        + load.corrupt
        + " pieces corrupt"
        + load.failure;
  }

  private boolean isOn() {
    return System.nanoTime() < end;
  }

  /** Keeps half of the live set, in parts of 64 KiB on average. */
  private void work(Random random, int pieces) {
    byte[][] live = new byte[pieces][];
    long[] checksums = new long[pieces];
    try {
      while (isOn()) {
        int at = random.nextInt(pieces);
        check(live[at], checksums[at]);
        live[at] = new byte[random.nextInt(1 << 17)];
        random.nextBytes(live[at]);
        checksums[at] = checksum(live[at]);
        allocated.addAndGet(live[at].length + garbage(random));
      }
    } catch (OutOfMemoryError error) {
      failure = ", " + error;
    }
    for (int at = 0; at < pieces; at++) {
      check(live[at], checksums[at]);
    }
  }

  private long garbage(Random random) {
    long bytes = 0;
    for (int i = 0; i < 50; i++) {
      sink = new int[random.nextInt(20_000)];
      bytes += sink.length * 4L;
    }
    return bytes;
  }

  private void check(byte[] piece, long checksum) {
    if (piece != null && checksum(piece) != checksum) {
      corrupt.incrementAndGet();
    }
  }

  private static long checksum(byte[] piece) {
    CRC32 crc = new CRC32();
    crc.update(piece, 0, piece.length);
    return crc.getValue();
  }
}
