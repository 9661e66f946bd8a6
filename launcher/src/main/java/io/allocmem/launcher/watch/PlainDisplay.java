package io.allocmem.launcher.watch;

import io.allocmem.control.Phase;
import io.allocmem.launcher.control.StatusReport;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where there is no terminal to draw on: a line for each plan, at each change and each second. */
public final class PlainDisplay implements WatchDisplay {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final PrintWriter out;
  private final boolean onlyNews;
  private Map<String, String> said = Map.of();
  private long saidAt;

  /**
   * @param onlyNews nothing while a plan just keeps what it has
   */
  public PlainDisplay(PrintWriter out, boolean onlyNews) {
    this.out = out;
    this.onlyNews = onlyNews;
  }

  @Override
  public void show(StatusReport report) {
    Map<String, String> phases = report.phases();
    boolean works = !onlyNews || phases.containsValue(Phase.ALLOCATING.name());
    // half a tick early is nearer to a second than a tick late
    boolean due = works && System.nanoTime() - saidAt >= SECOND * 9 / 10;
    if (due || !phases.equals(said)) {
      report.toLines().forEach(out::println);
      out.flush();
      said = phases;
      saidAt = System.nanoTime();
    }
  }

  @Override
  public void say(String sentence) {
    out.println(sentence);
    out.flush();
  }
}
