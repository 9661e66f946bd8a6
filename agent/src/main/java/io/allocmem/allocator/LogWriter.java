package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.plan.AgentThread;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes a plan's log in a daemon thread. Only this thread waits for a stream or a file. A stderr
 * that nobody reads therefore blocks neither the plan's thread nor the attach thread. These two
 * threads leave lines here, one thread at a time, and go on.
 *
 * <p>The thread ends once the plan is over and all lines are written. If write(2) blocks for ever,
 * the thread and the agent's classes stay until the stream takes the line or is closed.
 */
final class LogWriter implements Runnable {
  /** Timeout for the opening of a file: a slower file system hangs. */
  private static final long OPEN_NANOS = 2_000_000_000;

  /** Maximum wait for the last lines of a plan, after the release of all blocks. */
  private static final long DRAIN_NANOS = 500_000_000;

  private static final long POLL_NANOS = 500_000;

  private final LogFile out;
  private final LogLines lines = new LogLines();
  private final Thread thread;
  private final AsciiLine notice = new AsciiLine(PlanLog.LONGEST_LINE);
  private final String prefix;
  private final boolean timed;

  // made here: a literal becomes an object at its first use
  private final String oneWas = String.valueOf(" log line was dropped: ");
  private final String moreWere = String.valueOf(" log lines were dropped: ");
  private final String notTaken = String.valueOf(" did not take them");
  private final String end = System.lineSeparator();
  private final String destination;
  private final String remedy;

  private volatile boolean open;
  private volatile boolean over;
  private volatile IOException refusal;

  /** Number of lines that the stream or the file did not take. */
  private volatile long lost;

  private long saidDropped;

  LogWriter(HoldPlan plan) {
    out = new LogFile(plan);
    destination = out.toString();
    remedy = plan.wording().option("log", "FILE") + ", or " + plan.wording().option("log", "off");
    timed = out.isFile();
    prefix = "[allocmem] plan " + plan.name() + ": ";
    thread = AgentThread.of(this, "allocmem-log-" + plan.name());
  }

  /**
   * Starts the thread, and waits until the log file, if any, is open.
   *
   * @throws IOException with a sentence
   */
  void open() throws IOException {
    thread.start();
    long start = System.nanoTime();
    while (!open && refusal == null && System.nanoTime() - start < OPEN_NANOS) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    if (refusal != null) {
      throw refusal;
    }
    if (!open) {
      close();
      throw new IOException(
          "cannot append the log to "
              + destination
              + ": it could not be opened within "
              + OPEN_NANOS / 1_000_000_000
              + " s; name another "
              + remedy);
    }
  }

  /**
   * Leaves the line to the writer, or drops the line. Called by one thread at a time; never waits.
   */
  void write(AsciiLine line) {
    if (lines.put(line)) {
      LockSupport.unpark(thread);
    }
  }

  /** Returns the number of lines that nobody will read. */
  long dropped() {
    return lines.dropped() + lost;
  }

  /**
   * Appends the number of lines that nobody will read, with the cause, if the number is not zero.
   * Allocates nothing.
   */
  void appendDropped(AsciiLine to) {
    appendDropped(to, dropped());
  }

  private void appendDropped(AsciiLine to, long count) {
    if (count > 0) {
      to.append(count).append(count == 1 ? oneWas : moreWere).append(destination).append(notTaken);
    }
  }

  /** Waits briefly for the last lines, after the release of all blocks. */
  void drain() {
    long start = System.nanoTime();
    while (!lines.isEmpty() && System.nanoTime() - start < DRAIN_NANOS) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Ends the log: no line comes afterwards, and the thread ends once all lines are written. */
  void close() {
    over = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    try {
      out.open();
      warmUp();
      open = true;
      boolean last = false;
      while (!last) {
        last = over; // read before the lines: no line follows a set flag
        writeLines();
        if (!last) {
          LockSupport.park(this);
          Thread.interrupted(); // after an interrupt by the application, park would not wait
        }
      }
    } catch (IOException refused) {
      refusal = refused;
    } catch (Throwable unexpected) { // an uncaught error prints to System.err
      refusal = new IOException("cannot append the log to " + destination + ": " + unexpected);
    }
    Closing.close(out, Ticker.SYSTEM);
  }

  /** Warms up while the heap has room: the JVM links calls at first use. */
  private void warmUp() throws IOException {
    appendDropped(notice.clear(), 1);
    appendDropped(notice.clear(), 2);
    sayDropped(0);
    out.write(notice, 0);
    LockSupport.unpark(thread);
    LockSupport.park(this);
  }

  private void writeLines() {
    while (true) {
      AsciiLine line = lines.oldest();
      sayDropped(lines.droppedBeforeOldest() + lost);
      if (line == null) {
        return;
      }
      if (!write(line, line.length())) {
        lost = lost + 1;
      }
      lines.removeOldest();
    }
  }

  /** Reports the number of missing lines, once. */
  private void sayDropped(long count) {
    if (count <= saidDropped) {
      return;
    }
    notice.clear();
    if (timed) {
      notice.appendTime(System.currentTimeMillis()).append(" ");
    }
    appendDropped(notice.append(prefix), count - saidDropped);
    notice.end(end);
    if (write(notice, notice.length())) {
      saidDropped = count;
    }
  }

  private boolean write(AsciiLine line, int length) {
    try {
      out.write(line, length);
      return true;
    } catch (IOException | RuntimeException | OutOfMemoryError refused) {
      return false; // no reader on stderr, or a full disk: the status reports the loss
    }
  }
}
