package io.allocmem.launcher.restart;

import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.process.Stdin;
import io.allocmem.launcher.process.Stdout;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Lines on stdout, each with the time of day. On a terminal the state appears at Enter. On a pipe
 * the state appears at growing intervals, since a line that cannot be written is the one sign of an
 * ended reader.
 */
public final class TextConsole implements Console {
  private static final long FIRST_MILLIS = 1_000;

  /** Upper bound of the interval, as of the heartbeat of a held plan. */
  private static final long LAST_MILLIS = 30_000;

  private final PrintWriter out;
  private final boolean pipe = Stdout.isPipe();
  private long saidAt;
  private long interval;

  /** Takes the writer of text for people. */
  public TextConsole(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void say(String line) {
    print(line);
    interval = FIRST_MILLIS;
  }

  private void print(String line) {
    LocalTime now = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    out.println(DateTimeFormatter.ISO_LOCAL_TIME.format(now) + " " + line);
    saidAt = millis();
    if (out.checkError()) {
      throw new OutputClosed();
    }
  }

  @Override
  public void await(String state, long millis) throws IOException, InterruptedException {
    Thread.sleep(millis);
    if (Stdin.takeLine()) {
      print(state);
    } else if (pipe && millis() - saidAt >= interval) {
      print(state);
      interval = Math.min(LAST_MILLIS, 2 * interval);
    }
  }

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
