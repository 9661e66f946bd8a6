import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.concurrent.locks.LockSupport;

/** Live set of an application: arrays that no collection frees. */
class Keep {
  private static final int SMALLEST = 16;
  private static final int PIECE = 1024;
  private static final int LARGE = 60 << 10;
  private static final int NEAR = 6 << 10;
  private static final int MANY = 100;
  private static final long GRABS_NANOS = 15_000_000_000L;
  private static Object[] kept;

  /** Many more arrays than a heap of the tests has room for. */
  private static final int MOST = 1 << 22;

  private Keep() {}

  /**
   * Keeps arrays until the heap has no room for the smallest array, and prints a line. Never
   * returns: an answer would need room on the heap.
   */
  static String filling(int bytes) throws Exception {
    return filling(bytes, false);
  }

  /**
   * Keeps arrays as {@link #filling}, then takes at once whatever room appears, and frees all in the
   * end.
   */
  static String grabbing(int bytes) throws Exception {
    return filling(bytes, true);
  }

  private static String filling(int bytes, boolean grabs) throws Exception {
    byte[] line = "full\n".getBytes("UTF-8");
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    Object[] all = new Object[MOST];
    LockSupport.unpark(Thread.currentThread());
    LockSupport.park(all); // the JVM links calls at the first use
    int count = 0;
    for (int size = bytes; size >= SMALLEST; size /= 2) {
      try {
        while (true) {
          all[count] = new byte[size];
          count++;
        }
      } catch (OutOfMemoryError full) {
        continue;
      }
    }
    out.write(line);
    long end = System.nanoTime() + GRABS_NANOS;
    while (!grabs || System.nanoTime() - end < 0) {
      try {
        if (grabs) {
          all[count] = new byte[SMALLEST];
          count++;
        } else {
          LockSupport.park(all);
        }
      } catch (OutOfMemoryError full) {
        continue;
      }
    }
    all = null; // the answer needs room
    return "freed";
  }

  /** Keeps arrays until a collection leaves {@code kib} KiB free, by the JVM's own count. */
  static String leaving(int kib) {
    long more = freed() - ((long) kib << 10);
    for (int round = 0; more > NEAR && round < MANY; round++) {
      int piece = more > 10 * LARGE ? LARGE : PIECE;
      for (long left = more / 2; left > 0; left -= piece) {
        kept = new Object[] {kept, new byte[piece - 48]};
      }
      more = freed() - ((long) kib << 10);
    }
    return String.valueOf(freed());
  }

  private static long freed() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }
}
