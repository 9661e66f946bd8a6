import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Recorder of stalls by the algorithm of jHiccup (HiccupMeter.HiccupRecorder): sleeps a
 * millisecond, takes the shortest time seen for the cost of a sleep itself, and records the rest
 * with the stalls that further sleepers would have met (HdrHistogram). The Maven repository does not
 * serve org.jhiccup:jHiccup, so this class repeats the algorithm.
 */
final class Hiccups implements Runnable {
  private static final long RESOLUTION_NANOS = 1_000_000;

  private final Histogram histogram = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
  private volatile boolean ended;
  private final Thread thread = new Thread(this, "hiccups");

  private Hiccups() {}

  /** Starts a recorder, as a thread of usual priority. */
  static Hiccups start() {
    Hiccups hiccups = new Hiccups();
    hiccups.thread.setDaemon(true);
    hiccups.thread.start();
    return hiccups;
  }

  /** Ends the recorder, and returns median, 99 %, 99.9 % and maximum in microseconds. */
  String end() throws InterruptedException {
    ended = true;
    thread.join();
    return histogram.getValueAtPercentile(50) / 1000
        + " "
        + histogram.getValueAtPercentile(99) / 1000
        + " "
        + histogram.getValueAtPercentile(99.9) / 1000
        + " "
        + histogram.getMaxValue() / 1000;
  }

  @Override
  public void run() {
    long shortest = Long.MAX_VALUE;
    try {
      while (!ended) {
        long before = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(RESOLUTION_NANOS);
        long delta = System.nanoTime() - before;
        shortest = Math.min(shortest, delta);
        histogram.recordValueWithExpectedInterval(delta - shortest, RESOLUTION_NANOS);
      }
    } catch (InterruptedException end) {
      return;
    }
  }
}
