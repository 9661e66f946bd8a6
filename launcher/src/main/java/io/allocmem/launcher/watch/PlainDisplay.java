package io.allocmem.launcher.watch;

import io.allocmem.control.Phase;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.process.Stdin;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Display of lines: one line per plan, at each change and each second; on a terminal at Enter. */
public final class PlainDisplay implements WatchDisplay {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final PrintWriter out;
  private final boolean onlyNews;
  private Map<String, String> shown = Map.of();
  private StatusReport last;
  private long shownAt;

  private PlainDisplay(PrintWriter out, boolean onlyNews) {
    this.out = out;
    this.onlyNews = onlyNews;
  }

  /**
   * Returns the display.
   *
   * @param onlyNews true to print nothing while a plan only holds its memory; on a pipe, a
   *     heartbeat; on a terminal, a line at Enter
   */
  public static WatchDisplay to(PrintWriter out, boolean onlyNews) {
    PlainDisplay display = new PlainDisplay(out, onlyNews);
    return onlyNews ? Heartbeat.ifPipe(display, out) : display;
  }

  @Override
  public void show(StatusReport report) {
    last = report;
    Map<String, String> phases = report.phases();
    boolean works = !onlyNews || phases.containsValue(Phase.ALLOCATING.name());
    // half a sampling interval early is nearer to a second than one interval late
    boolean due = works && System.nanoTime() - shownAt >= SECOND * 9 / 10;
    if (due || !phases.equals(shown)) {
      report.toLines().forEach(out::println);
      shown = phases;
      shownAt = System.nanoTime();
      if (out.checkError()) {
        throw new OutputClosed();
      }
    }
  }

  @Override
  public int await(long millis) throws IOException, InterruptedException {
    Thread.sleep(millis);
    if (onlyNews && last != null && Stdin.takeLine()) {
      last.toLines().forEach(out::println);
    }
    return NOTHING;
  }

  @Override
  public void showMessage(String sentence) {
    out.println(sentence);
    out.flush();
  }

  @Override
  public void leave(String sentence) {
    showMessage(sentence);
  }
}
