package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.process.Stdout;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Display for a pipe: prints the state of each plan while nothing changes, at growing intervals.
 * Java cannot ask a pipe for its reader; a line that cannot be written is the one sign of an ended
 * reader. A separate thread writes the lines: a reader that stops reading delays no lease.
 */
public final class Heartbeat implements WatchDisplay {
  /** Interval after a change of a phase, since readers often end there; doubles with each line. */
  private static final long FIRST_MILLIS = 1_000;

  /** Upper bound of the interval. */
  private static final long LAST_MILLIS = 30_000;

  /** Interval of looks for an error that another thread met. */
  private static final long LOOK_MILLIS = 200;

  private final WatchDisplay display;
  private final PrintWriter out;
  private final Thread thread = new Thread(this::beat, "heartbeat");
  private volatile StatusReport last;
  private volatile boolean closed;

  Heartbeat(WatchDisplay display, PrintWriter out) {
    this.display = display;
    this.out = out;
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the display, with a heartbeat if stdout is a pipe. */
  public static WatchDisplay ifPipe(WatchDisplay display, PrintWriter out) {
    return Stdout.isPipe() ? new Heartbeat(display, out) : display;
  }

  private void beat() {
    Map<String, String> before = Map.of();
    long silent = 0;
    long interval = FIRST_MILLIS;
    try {
      while (!closed) {
        Thread.sleep(LOOK_MILLIS);
        silent += LOOK_MILLIS;
        StatusReport report = last;
        if (report != null && !report.phases().equals(before)) {
          before = report.phases();
          silent = 0;
          interval = FIRST_MILLIS;
        } else if (report != null && silent >= interval) {
          report.toLines().forEach(out::println);
          silent = 0;
          interval = Math.min(LAST_MILLIS, 2 * interval);
        }
        closed = out.checkError();
      }
    } catch (InterruptedException over) {
      return;
    }
  }

  @Override
  public void show(StatusReport report) throws IOException {
    last = report;
    display.show(report);
    if (closed) {
      throw new OutputClosed();
    }
  }

  @Override
  public void showMessage(String sentence) {
    display.showMessage(sentence);
  }

  @Override
  public void close() {
    thread.interrupt();
    display.close();
  }
}
