package io.allocmem.launcher.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Counts the ends of requests, in windows by the index of the request. At most two windows are
 * open: a later window begins while requests of the earlier window are still under way. Any thread
 * may call.
 */
final class Tally {
  /** Error of a time: 0.1 percent. */
  private static final int DIGITS = 3;

  private static final double NANOS_PER_SECOND = 1e9;

  /** Requests from the index {@code from} on. */
  private static final class Window {
    private final long from;
    private final long begin;
    private final Histogram micros = new Histogram(DIGITS);
    private long answers;
    private long failures;
    private String firstFailure;

    Window(long from, long begin) {
      this.from = from;
      this.begin = begin;
    }

    LoadWindow toWindow(double perSecond) {
      return new LoadWindow(
          answers,
          failures,
          percentile(50),
          percentile(99),
          percentile(99.9),
          time(micros.getMaxValue()),
          perSecond,
          firstFailure);
    }

    private Duration percentile(double percent) {
      return time(micros.getValueAtPercentile(percent));
    }

    private static Duration time(long micros) {
      return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }
  }

  private Window earlier;
  private Window current;

  /** Answers that ended since the current window began, of requests of any window. */
  private long ended;

  private boolean closed;

  /**
   * @param first index of the first request that counts
   * @param begin time of this request, on the clock of {@code System.nanoTime}
   */
  Tally(long first, long begin) {
    this.current = new Window(first, begin);
    this.earlier = current;
  }

  /**
   * Counts a whole answer.
   *
   * @param end time on the clock of {@code System.nanoTime}
   * @param nanos time since the intended start
   */
  synchronized void answered(long index, long end, long nanos) {
    ended += end - current.begin >= 0 ? 1 : 0;
    Window window = windowOf(index, nanos);
    if (window != null) {
      window.answers++;
    }
  }

  /**
   * Counts a failure.
   *
   * @param nanos time since the intended start, the timeout at least
   */
  synchronized void failed(long index, long nanos, String reason) {
    Window window = windowOf(index, nanos);
    if (window != null) {
      window.failures++;
      window.firstFailure = window.firstFailure == null ? reason : window.firstFailure;
    }
  }

  private Window windowOf(long index, long nanos) {
    Window window = index < current.from ? earlier : current;
    if (index < window.from) {
      return null; // of no window, or of a window that was skipped
    }
    window.micros.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
    notifyAll();
    return window;
  }

  /**
   * Begins the next window, and returns the earlier window once each of its requests has ended.
   *
   * @param due number of requests that are due now
   * @param now time on the clock of {@code System.nanoTime}
   */
  synchronized LoadWindow next(long due, long now) throws InterruptedException {
    double seconds = (now - current.begin) / NANOS_PER_SECOND;
    double perSecond = seconds > 0 ? ended / seconds : 0;
    skip(due, now);
    while (!closed && earlier.answers + earlier.failures < current.from - earlier.from) {
      wait();
    }
    return earlier.toWindow(perSecond);
  }

  /** Begins the next window, and waits for no request of the earlier window. */
  synchronized void skip(long due, long now) {
    earlier = current;
    current = new Window(Math.max(due, current.from), Math.max(now, current.begin));
    ended = 0;
  }

  /** Ends the wait of {@link #next}: no further request ends. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
