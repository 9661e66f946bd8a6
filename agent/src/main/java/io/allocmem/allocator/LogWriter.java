package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes a plan's log in a daemon thread of its own, the only one that waits for a stream or a
 * file: a stderr that nobody reads keeps neither the plan's thread nor the one that attached. Those
 * two leave lines here, one after the other, and go on.
 *
 * <p>The thread ends once the plan is over and all is written. If it waits in write(2) for ever, it
 * stays, and the agent's classes with it, until the stream takes the line or is closed.
 */
final class LogWriter implements Runnable {
  /** A file system that answers later than that hangs. */
  private static final long OPEN_NANOS = 2_000_000_000;

  /** What the last lines of a plan are waited for at most, when all is given back. */
  private static final long DRAIN_NANOS = 500_000_000;

  private static final long POLL_NANOS = 500_000;

  private final LogFile out;
  private final LogLines lines = new LogLines();
  private final Thread thread;
  private final AsciiLine notice = new AsciiLine(PlanLog.LONGEST_LINE);
  private final String prefix;
  private final boolean timed;

  // literals would become objects when they are first used
  private final String oneWas = String.valueOf(" log line was dropped: ");
  private final String moreWere = String.valueOf(" log lines were dropped: ");
  private final String notTaken = String.valueOf(" did not take them");
  private final String end = System.lineSeparator();
  private final String destination;

  private volatile boolean open;
  private volatile boolean over;
  private volatile IOException refusal;

  /** How many lines could not be written, for the stream or the file took none. */
  private volatile long lost;

  private long saidDropped;

  LogWriter(HoldPlan plan) {
    out = new LogFile(plan);
    destination = out.toString();
    timed = out.isFile();
    prefix = "[allocmem] plan " + plan.name() + ": ";
    thread = new Thread(null, this, "allocmem-log-" + plan.name());
    thread.setDaemon(true);
    thread.setContextClassLoader(LogWriter.class.getClassLoader());
  }

  /**
   * Starts the thread, and waits until the file is open, if it is one.
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
              + " s; name another log=FILE, or log=off");
    }
  }

  /** Leaves the line to the writer, or drops it. By one thread at a time; never waits. */
  void write(AsciiLine line) {
    if (lines.put(line)) {
      LockSupport.unpark(thread);
    }
  }

  /** How many lines nobody will read. */
  long dropped() {
    return lines.dropped() + lost;
  }

  /** Appends how many lines nobody will read, and why, if there are any. Allocates nothing. */
  void appendDropped(AsciiLine to) {
    appendDropped(to, dropped());
  }

  private void appendDropped(AsciiLine to, long count) {
    if (count > 0) {
      to.append(count).append(count == 1 ? oneWas : moreWere).append(destination).append(notTaken);
    }
  }

  /** Waits a moment for the last lines, when nothing is held any more. */
  void drain() {
    long start = System.nanoTime();
    while (!lines.isEmpty() && System.nanoTime() - start < DRAIN_NANOS) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** No line comes any more: the thread ends when all are written. */
  void close() {
    over = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    try {
      out.open();
      rehearse();
      open = true;
      boolean last = false;
      while (!last) {
        last = over; // asked before the lines are: none comes after it
        writeLines();
        if (!last) {
          LockSupport.park(this);
          Thread.interrupted(); // by the application, say: no park would wait any more
        }
      }
    } catch (IOException refused) {
      refusal = refused;
    } catch (Throwable unexpected) { // an end by it would print to System.err
      refusal = new IOException("cannot append the log to " + destination + ": " + unexpected);
    }
    Exports.close(out, Ticker.SYSTEM);
  }

  /** While the heap has room: the JVM links calls when they are first used. */
  private void rehearse() throws IOException {
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

  /** Says how many are missing here, once. */
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
      return false; // nobody listens on stderr, or the disk is full: the status says so
    }
  }
}
