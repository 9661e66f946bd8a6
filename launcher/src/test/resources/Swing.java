import java.util.ArrayDeque;

/**
 * Application whose live set, small arrays as in a cache, swings between two shares of the heap
 * with a period in seconds, beside garbage.
 */
final class Swing implements Runnable {
  private static final int PIECE = 16 << 10;
  private static final int HEADER = 16;
  private static final int GARBAGE = 4 << 20;
  private static final int PAUSE_MILLIS = 20;

  private final double low;
  private final double high;
  private final double seconds;
  private final ArrayDeque<byte[]> live = new ArrayDeque<byte[]>();
  private volatile long bytes;

  /** Receives each array: an array that never escapes would not be allocated. */
  private volatile byte[] sink;

  private Swing(double low, double high, double seconds) {
    this.low = low;
    this.high = high;
    this.seconds = seconds;
  }

  /** Starts the swing between two percentages of the maximum heap. */
  static Swing start(int low, int high, int seconds) {
    Swing swing = new Swing(low / 100.0, high / 100.0, seconds);
    Thread thread = new Thread(swing, "swing");
    thread.setDaemon(true);
    thread.start();
    return swing;
  }

  /** Returns the live bytes. */
  long live() {
    return bytes;
  }

  @Override
  public void run() {
    long start = System.nanoTime();
    try {
      while (true) {
        double phase = (System.nanoTime() - start) / 1e9 % seconds / seconds;
        double height = phase < 0.5 ? 2 * phase : 2 - 2 * phase;
        follow((long) (Runtime.getRuntime().maxMemory() * (low + (high - low) * height)));
        for (int garbage = 0; garbage < GARBAGE; garbage += PIECE / 4) {
          sink = new byte[PIECE / 4];
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException never) {
      return;
    }
  }

  private void follow(long wanted) {
    while (bytes < wanted) {
      live.add(new byte[PIECE - HEADER]);
      bytes += PIECE;
    }
    while (bytes > wanted) {
      live.poll();
      bytes -= PIECE;
    }
  }
}
