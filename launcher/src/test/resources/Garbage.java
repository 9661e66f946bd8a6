/**
 * Service with a steady live set and a steady allocation rate of garbage, both in MiB and in small
 * arrays. The live set can grow later.
 */
final class Garbage implements Runnable {
  private static final int PIECE = 4 << 10;
  private static final int HEADER = 16;
  private static final int PAUSE_MILLIS = 20;

  private final byte[][] live;
  private final double perSecond;

  /** Receives each array: an array that never escapes would not be allocated. */
  private volatile byte[] sink;

  private Garbage(int liveMib, int perSecondMib) {
    this.live = new byte[(liveMib << 20) / PIECE][];
    this.perSecond = perSecondMib * (double) (1 << 20);
  }

  static Garbage start(int liveMib, int perSecondMib) {
    Garbage garbage = new Garbage(liveMib, perSecondMib);
    for (int i = 0; i < garbage.live.length; i++) {
      garbage.live[i] = new byte[PIECE - HEADER];
    }
    Thread thread = new Thread(garbage, "garbage");
    thread.setDaemon(true);
    thread.start();
    return garbage;
  }

  @Override
  public void run() {
    long start = System.nanoTime();
    long made = 0;
    try {
      while (true) {
        double due = (System.nanoTime() - start) / 1e9 * perSecond;
        for (; made < due; made += PIECE) {
          sink = new byte[PIECE - HEADER];
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException never) {
      return;
    }
  }
}
