package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.Closeable;
import java.io.IOException;

/**
 * Log of a plan, on stderr or in a file; in a file, each line has a timestamp. Each effect gets one
 * line with its originator: start, limit reached, exhausted, paused, released. Further lines are
 * optional. No call waits for a line: {@link LogWriter} writes the lines.
 */
final class PlanLog implements Closeable {
  /** Maximum bytes of a line with its end; a longer line is cut. */
  static final int LONGEST_LINE = 512;

  private final HoldPlan plan;
  private final boolean timed;
  private final AsciiLine line = new AsciiLine(LONGEST_LINE);
  private final String name;
  private final String touchedShare;
  private final String end = System.lineSeparator();

  /** Null if the log is off, or not open yet. */
  private LogWriter out;

  private boolean silent;
  private boolean saidGuarded;
  private int saidReleases;

  PlanLog(HoldPlan plan) {
    this.plan = plan;
    this.name = plan.name();
    this.touchedShare = plan.fill().toHuman();
    this.timed = !plan.log().equals(HoldPlan.LOG_TO_STDERR);
  }

  /**
   * Starts the writer, and opens a log file if the log goes to a file.
   *
   * @throws IOException with a sentence
   */
  void open() throws IOException {
    if (!plan.log().equals(HoldPlan.LOG_OFF)) {
      LogWriter writer = new LogWriter(plan);
      writer.open();
      out = writer;
    }
  }

  /** Appends the number of dropped lines, if any, for the status. */
  void appendDropped(AsciiLine to) {
    if (out != null) {
      out.appendDropped(to);
    }
  }

  /** Waits briefly for the writer's last lines. */
  void drain() {
    if (out != null) {
      out.drain();
    }
  }

  @Override
  public void close() {
    if (out != null) {
      out.close();
    }
  }

  /**
   * Warms up all messages, without output. The JVM makes a literal an object, and links a call, at
   * first use. First use on a full heap would be too late.
   */
  void warmUp(PlanState now, ProcessReadings process, ControlFile control) {
    silent = true;
    logBlock(now, true);
    logBlock(now, false);
    logStats(now, process);
    limitReached(now, 0);
    targetReached(now, 0);
    exhausted(now, "");
    paused(now, control);
    resumed(now, control);
    sender(line, control);
    released(0, "", now.message);
    released(0, null, now.message);
    cycled(0);
    rotates(now);
    rampsDown(now);
    guarded(now);
    releasesForOthers(now);
    goesOn(now);
    collects();
    failed(0, now.message);
    silent = false;
  }

  void started(String caveat) {
    begin().append(plan.toHuman()).append(", in ").append(plan.area().toHuman());
    line.append(plan.breaksFirst() ? "; waits for a resume" : "");
    if (!plan.waitFirst().isZero()) {
      line.append("; begins in ").appendSeconds(plan.waitFirst().toNanos());
    }
    if (!plan.duration().isZero()) {
      line.append("; released ").appendSeconds(plan.duration().toNanos()).append(" after that");
    }
    if (!plan.lease().isZero()) {
      line.append("; released ")
          .appendSeconds(plan.lease().toNanos())
          .append(" after the last renewal");
    }
    if (plan.by() != null) {
      line.append("; asked by ").append(plan.by());
    }
    write();
    if (!caveat.isEmpty()) {
      say(caveat);
    }
  }

  void say(String sentence) {
    begin().append(sentence);
    write();
  }

  void block(PlanState now, boolean fillEnforced) {
    if (plan.logsBlocks()) {
      logBlock(now, fillEnforced);
    }
  }

  private void logBlock(PlanState now, boolean fillEnforced) {
    begin()
        .append("block ")
        .append(now.blocksHeld())
        .append(": +")
        .appendSize(plan.blockSize().bytes());
    line.append(", ").append(fillEnforced ? touchedShare : "100 %").append(" touched; ");
    total(now).append(" so far");
    write();
  }

  void stats(PlanState now, ProcessReadings process) {
    if (plan.statsEvery() > 0 && now.blocksHeld() % plan.statsEvery() == 0) {
      logStats(now, process);
    }
  }

  private void logStats(PlanState now, ProcessReadings process) {
    long rss = process.rss();
    begin().append("after block ").append(now.blocksHeld()).append(": RSS ");
    (rss < 0 ? line.append("not measured") : line.appendSize(rss)).append(", committed ");
    line.appendSize(now.get(Reading.COMMITTED))
        .append(", heap used ")
        .appendSize(process.heap().used());
    long collections = process.heap().collections();
    if (collections != Reading.UNKNOWN) {
      line.append(", ").append(collections).append(" collections");
    }
    write();
  }

  void limitReached(PlanState now, long nanos) {
    begin().append("limit reached: ").append(now.get(Reading.BLOCKS)).append(" blocks, ");
    total(now);
    if (now.get(Reading.RESIDENT) != Reading.UNKNOWN) {
      line.append(", ").appendSize(now.get(Reading.RESIDENT)).append(" resident");
    }
    line.append(", in ").appendSeconds(nanos);
    write();
  }

  void targetReached(PlanState now, long nanos) {
    long measured = Math.max(0, now.get(Reading.EFFECT_MEASURED));
    begin().append("target reached: ").append(measured / 10).append('.').append(measured % 10);
    line.append(" % with ").append(now.get(Reading.BLOCKS)).append(" blocks, ");
    total(now).append(", in ").appendSeconds(nanos);
    write();
  }

  void exhausted(PlanState now, String reason) {
    begin().append("exhausted after ").append(now.get(Reading.BLOCKS)).append(" blocks, ");
    total(now).append(": ").append(reason).append("; all blocks are kept");
    write();
  }

  void paused(PlanState now, ControlFile told) {
    sender(begin().append("paused by "), told).append(": ");
    whole(now);
  }

  void resumed(PlanState now, ControlFile told) {
    sender(begin().append("resumed by "), told).append(": ");
    whole(now);
  }

  void cycled(long committed) {
    begin().append("cycle: released ").appendSize(committed).append("; starts again");
    write();
  }

  void rotates(PlanState now) {
    begin().append("rotates: ");
    whole(now);
  }

  void rampsDown(PlanState now) {
    begin().append("ramps down: ");
    whole(now);
  }

  /**
   * Logs the release.
   *
   * @param why the plan's own reason; null after a command
   * @param by sender of the command, as {@link #sender} appends
   */
  void released(long committed, String why, AsciiLine by) {
    begin().append("released ").appendSize(committed);
    if (why == null) {
      line.append(" by ").append(by);
    } else {
      line.append(": ").append(why);
    }
    write();
  }

  /** Appends the sender of the last command. */
  static AsciiLine sender(AsciiLine to, ControlFile told) {
    told.appendSender(to);
    return to;
  }

  /**
   * Logs the reason of a wait, from the status message. Logs only once, since waits come and go.
   */
  void guarded(PlanState now) {
    if (saidGuarded) {
      return;
    }
    saidGuarded = !silent;
    begin().append("waits after ").append(now.get(Reading.BLOCKS)).append(" blocks, ");
    total(now).append(": ").append(now.message);
    write();
  }

  /**
   * Logs a release because of other usage, once in each phase: usage goes up and down, and blocks
   * follow.
   */
  void releasesForOthers(PlanState now) {
    int phase = 1 << now.phase().ordinal();
    if ((saidReleases & phase) != 0) {
      return;
    }
    saidReleases |= silent ? 0 : phase;
    begin().append("releasing blocks: other usage rose; ");
    whole(now);
  }

  void goesOn(PlanState now) {
    begin().append("allocating again: other usage fell; ");
    whole(now);
  }

  void collects() {
    begin().append("asks the JVM for a collection after the release");
    write();
  }

  void failed(long committed, AsciiLine reason) {
    begin().append(reason).append("; released ").appendSize(committed);
    write();
  }

  private AsciiLine begin() {
    line.clear();
    if (timed) { // no other component adds a timestamp
      line.appendTime(System.currentTimeMillis()).append(" ");
    }
    return line.append("[allocmem] plan ").append(name).append(": ");
  }

  private void whole(PlanState now) {
    line.append(now.get(Reading.BLOCKS)).append(" blocks, ");
    total(now);
    write();
  }

  private AsciiLine total(PlanState now) {
    line.appendSize(now.get(Reading.COMMITTED)).append(" committed, ");
    return line.appendSize(now.get(Reading.TOUCHED)).append(" touched");
  }

  private void write() {
    line.end(end);
    if (!silent && out != null) {
      out.write(line);
    }
  }
}
