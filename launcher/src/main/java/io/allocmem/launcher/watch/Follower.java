package io.allocmem.launcher.watch;

import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.control.Course;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.OutputClosed;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Follows the plans of a JVM until the end: poller at a fixed interval, shows and records each
 * sample, and executes keys. Ends if the plans are over, if the person quits, or if this process
 * must end. Own plans: renews their leases, and releases the plans before the end.
 */
public final class Follower {
  private static final long SLICE_MILLIS = 100;
  private static final long END_MILLIS = 10_000;
  private static final Map<Integer, PlanCommand> KEYS =
      Map.of(
          (int) 'p',
          PlanCommand.PAUSE,
          (int) 'r',
          PlanCommand.RESUME,
          (int) 'x',
          PlanCommand.RELEASE);

  private final Poller poller;
  private final WatchDisplay display;
  private final RecordWriter recorder;
  private final long everyMillis;
  private final Predicate<String> plans;
  private final boolean own;
  private final Course course = new Course();
  private final CountDownLatch done = new CountDownLatch(1);
  private Thread hook;
  private volatile boolean running;
  private volatile boolean ending;
  private volatile boolean shuttingDown;
  private volatile boolean released;
  private final AtomicReference<String> news = new AtomicReference<>();
  private boolean outputClosed;

  /**
   * @param plans names of the plans affected by keys and by the end
   * @param own true if the plans must end with this process
   */
  public Follower(
      Poller poller,
      WatchDisplay display,
      RecordWriter recorder,
      long everyMillis,
      Predicate<String> plans,
      boolean own) {
    this.poller = poller;
    this.display = display;
    this.recorder = recorder;
    this.everyMillis = everyMillis;
    this.plans = plans;
    this.own = own;
  }

  /** Registers the shutdown hook: from now on, an end of this process releases its own plans. */
  public void begin() {
    hook = new Thread(this::end, "end");
    Runtime.getRuntime().addShutdownHook(hook);
    running = true;
  }

  /**
   * Follows the plans and returns the last report.
   *
   * @throws OutputClosed if nobody reads the display any more; own plans are released
   * @throws Failure if the record ended early; thrown after all further work
   */
  public StatusReport stay() throws IOException, InterruptedException {
    if (hook == null) {
      begin();
    }
    StatusReport last;
    try {
      last = followAndClose();
      sayWhatIsHeld(last);
    } finally {
      done.countDown();
      forgetHook();
    }
    if (outputClosed) {
      throw new OutputClosed();
    }
    if (recorder.problem() != null) {
      throw new Failure(recorder.problem());
    }
    return last;
  }

  /** Returns the course of the plans so far. */
  public Course course() {
    return course;
  }

  /** Returns true if this process ends, as at Ctrl+C: nobody asks for a verdict. */
  public boolean isShuttingDown() {
    return shuttingDown;
  }

  private StatusReport followAndClose() throws IOException, InterruptedException {
    try (poller;
        recorder;
        display) {
      return follow();
    }
  }

  private void sayWhatIsHeld(StatusReport last) {
    if (!released && !outputClosed && last.isAnythingHeld(plans)) {
      display.leave(last.toHeld(plans));
    }
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // the hook runs
    }
  }

  private StatusReport follow() throws IOException, InterruptedException {
    long due = System.nanoTime();
    StatusReport report = sample();
    while (report.isAnythingHeld(plans)) {
      due = Math.max(due + TimeUnit.MILLISECONDS.toNanos(everyMillis), System.nanoTime());
      if (!stays(due)) {
        return report;
      }
      report = sample();
    }
    while (!ending && display.lingers() && display.await(SLICE_MILLIS) != 'q') {
      continue;
    }
    return report;
  }

  private StatusReport sample() throws IOException {
    if (own && !ending) { // if the release fails, the lease ends the plan
      poller.renew(plans);
    }
    StatusReport report = poller.next();
    course.add(report);
    if (own && ending && !released) {
      releases(); // requested before the first report, or refused before
    }
    if (!recorder.write(report)) {
      display.showMessage(recorder.problem());
    }
    if (!outputClosed) {
      show(report);
    }
    return report;
  }

  private void show(StatusReport report) throws IOException {
    try {
      display.show(report);
    } catch (OutputClosed nobodyReads) {
      outputClosed = true;
      ending = true;
      if (own) {
        send(PlanCommand.RELEASE);
      }
    }
  }

  /** Executes keys until {@code due}; returns false if the follower must end. */
  private boolean stays(long due) throws IOException, InterruptedException {
    long left;
    do {
      left = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime());
      int key = display.await(Math.max(1, Math.min(left, SLICE_MILLIS)));
      String said = news.getAndSet(null);
      if (said != null) {
        display.showMessage(said);
      }
      ending = ending || key == 'q';
      if (ending && !own) {
        return false;
      }
      PlanCommand command = key == 'q' ? PlanCommand.RELEASE : KEYS.get(key);
      if (command != null) {
        display.showMessage(send(command));
      }
    } while (left > SLICE_MILLIS);
    return true;
  }

  /** Sends a command and returns the outcome. */
  private String send(PlanCommand command) throws IOException {
    try {
      boolean sent = poller.send(plans, command);
      released = released || sent && command == PlanCommand.RELEASE;
      return "requested: " + command.name().toLowerCase(Locale.ROOT);
    } catch (Failure notTaken) {
      return notTaken.getMessage();
    }
  }

  /** Shows a sentence from another thread beside the next report. */
  public void say(String sentence) {
    news.set(sentence);
  }

  /**
   * Releases the process's own plans from another thread. Returns at once; the follower stays until
   * the plans are over, and renews no lease.
   */
  public void release() {
    ending = true;
    releases();
  }

  /** Sends the release, and returns true if no plan refused the release. */
  private boolean releases() {
    try {
      released = poller.send(plans, PlanCommand.RELEASE) || released;
      return true;
    } catch (IOException | Failure over) {
      return false; // channel closed (the plan was over before), or locked by another process
    }
  }

  /**
   * Ends from another thread, as a shutdown hook. Returns after the release of the process's own
   * plans and the restoration of the terminal.
   */
  public void end() {
    shuttingDown = true;
    ending = true;
    if (!running) {
      return;
    }
    try {
      if (!own || releases()) {
        done.await(END_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException over) {
      return;
    } finally {
      display.close();
    }
  }
}
