import java.util.concurrent.locks.LockSupport;

/**
 * Application with a live set of small arrays: one thread makes garbage at a given rate, and goes
 * on after an OutOfMemoryError. Another thread computes for half of the time, also while the
 * collector holds the first thread up.
 */
final class Pressure implements Runnable {
  private static final int PIECE = 16 << 10;
  private static final int HEADER = 16;
  private static final int ROUNDS_PER_SECOND = 100;
  private static final long ROUND_NANOS = 1_000_000_000L / ROUNDS_PER_SECOND;

  private static Object[] nodes;

  /** Errors that the application met. */
  private static volatile int errors;

  private final byte[][] live;
  private final int piecesPerRound;

  /** Receives each array: an array that never escapes would not be allocated. */
  private volatile byte[] sink;

  private Pressure(int livePercent, int mibPerSecond) {
    long bytes = Runtime.getRuntime().maxMemory() / 100 * livePercent;
    live = new byte[(int) (bytes / PIECE)][];
    piecesPerRound = mibPerSecond * ((1 << 20) / PIECE) / ROUNDS_PER_SECOND;
  }

  /**
   * Starts the application.
   *
   * @param livePercent live set, of the maximum heap
   * @param mibPerSecond garbage
   */
  static void start(int livePercent, int mibPerSecond) {
    start(new Pressure(livePercent, mibPerSecond), "pressure");
    start(Pressure::compute, "computation");
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void compute() {
    while (true) {
      long half = System.nanoTime() + ROUND_NANOS / 2;
      while (System.nanoTime() - half < 0) {
        continue;
      }
      LockSupport.parkNanos(ROUND_NANOS / 2);
    }
  }

  /** Returns the number of OutOfMemoryErrors that the application met. */
  static int errors() {
    return errors;
  }

  /** Keeps small objects: a full collection visits each of them, and so takes long. */
  static void keepNodes(int thousands) {
    Object[] all = new Object[thousands * 1000];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Object[1];
    }
    nodes = all;
  }

  /** Collects a number of times, with a wait before each. */
  static void collect(int times, int waitMillis) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      Thread.sleep(waitMillis);
      System.gc();
    }
  }

  @Override
  public void run() {
    for (int at = 0; at < live.length; at++) {
      live[at] = new byte[PIECE - HEADER];
    }
    int next = 0;
    while (true) {
      long end = System.nanoTime() + ROUND_NANOS;
      next = makeGarbage(next);
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** Replaces a piece of the live set by each tenth array: old objects become garbage as well. */
  private int makeGarbage(int from) {
    int next = from;
    try {
      for (int i = 0; i < piecesPerRound; i++) {
        sink = new byte[PIECE - HEADER];
        if (i % 10 == 0 && live.length > 0) {
          live[next] = sink;
          next = (next + 1) % live.length;
        }
      }
    } catch (OutOfMemoryError full) {
      sink = null;
      errors++; // of one thread
    }
    return next;
  }
}
