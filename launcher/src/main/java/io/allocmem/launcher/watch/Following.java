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
 * Stays with the plans of a JVM: looks at them in even steps, shows and records each look, and does
 * what keys say. Ends when they are over, when the person quits, or when this process is told to
 * end; plans that are its own it renews, and releases before it ends.
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
   * @param plans the names that are meant, by keys and by the end
   * @param own whether they live with this process
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

  /** From now on an end of this process releases the plans that are its own. */
  public void begin() {
    hook = new Thread(this::end, "end");
    Runtime.getRuntime().addShutdownHook(hook);
    running = true;
  }

  /**
   * Returns the last look.
   *
   * @throws Failure when the record ends early, once all else is done
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
      return; // it runs
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

  /** Does what keys say until then; false when it is time to go. */
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

  /** What came of it. */
  private String tell(PlanCommand command) throws IOException {
    try {
      samples.send(plans, command);
      return "told to " + command.name().toLowerCase(Locale.ROOT);
    } catch (Failure notTaken) {
      return notTaken.getMessage();
    }
  }

  /**
   * Ends it from another thread, as a shutdown hook: returns when everything is released that lives
   * with this process, and the terminal is as it was.
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
      return; // the channel is closed: the plan was over before; or others keep it locked
    } finally {
      face.close();
    }
  }
}
