package io.allocmem.launcher.watch;

import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.Failure;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Follows the plans of a JVM until the end: samples at a fixed interval, shows and records each
 * sample, and executes keys. Ends if the plans are over, if the person quits, or if this process
 * must end. Own plans: renews their leases, and releases the plans before the end.
 */
public final class Following {
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

  private final Poller samples;
  private final WatchDisplay face;
  private final RecordWriter recorder;
  private final long everyMillis;
  private final Predicate<String> plans;
  private final boolean own;
  private final CountDownLatch done = new CountDownLatch(1);
  private Thread hook;
  private volatile boolean running;
  private volatile boolean told;

  /**
   * @param plans names of the plans affected by keys and by the end
   * @param own true if the plans must end with this process
   */
  public Following(
      Poller samples,
      WatchDisplay face,
      RecordWriter recorder,
      long everyMillis,
      Predicate<String> plans,
      boolean own) {
    this.samples = samples;
    this.face = face;
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
   * @throws Failure if the record ended early; thrown after all further work
   */
  public StatusReport stay() throws IOException, InterruptedException {
    if (hook == null) {
      begin();
    }
    StatusReport last;
    try (samples;
        recorder;
        face) {
      last = follow();
    } finally {
      done.countDown();
      forgetHook();
    }
    if (recorder.problem() != null) {
      throw new Failure(recorder.problem());
    }
    return last;
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return; // the hook runs
    }
  }

  private StatusReport follow() throws IOException, InterruptedException {
    long due = System.nanoTime();
    StatusReport look = look();
    while (look.isAnythingHeld(plans)) {
      due = Math.max(due + TimeUnit.MILLISECONDS.toNanos(everyMillis), System.nanoTime());
      if (!stays(due)) {
        return look;
      }
      look = look();
    }
    while (!told && face.lingers() && face.await(SLICE_MILLIS) != 'q') {
      continue;
    }
    return look;
  }

  private StatusReport look() throws IOException {
    if (own) {
      samples.renew(plans);
    }
    StatusReport look = samples.next();
    if (!recorder.write(look)) {
      face.say(recorder.problem());
    }
    face.show(look);
    return look;
  }

  /** Executes keys until {@code due}; returns false if following must end. */
  private boolean stays(long due) throws IOException, InterruptedException {
    long left;
    do {
      left = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime());
      int key = face.await(Math.max(1, Math.min(left, SLICE_MILLIS)));
      told = told || key == 'q';
      if (told && !own) {
        return false;
      }
      PlanCommand command = key == 'q' ? PlanCommand.RELEASE : KEYS.get(key);
      if (command != null) {
        face.say(tell(command));
      }
    } while (left > SLICE_MILLIS);
    return true;
  }

  /** Sends a command and returns the outcome. */
  private String tell(PlanCommand command) throws IOException {
    try {
      samples.send(plans, command);
      return "requested: " + command.name().toLowerCase(Locale.ROOT);
    } catch (Failure notTaken) {
      return notTaken.getMessage();
    }
  }

  /**
   * Ends from another thread, as a shutdown hook. Returns after the release of the process's own
   * plans and the restoration of the terminal.
   */
  public void end() {
    told = true;
    if (!running) {
      return;
    }
    try {
      if (own) {
        samples.send(plans, PlanCommand.RELEASE);
      }
      done.await(END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (IOException | InterruptedException | Failure over) {
      return; // channel closed (the plan was over before), or locked by another process
    } finally {
      face.close();
    }
  }
}
