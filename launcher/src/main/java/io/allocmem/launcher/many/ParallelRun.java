package io.allocmem.launcher.many;

import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.OutputClosed;
import io.allocmem.launcher.process.Stdout;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs the work of many JVMs in parallel with few threads, prints a row per JVM, and returns the
 * worst exit code. An end of this process, as at Ctrl+C, starts no further JVM and ends the started
 * work.
 */
public final class ParallelRun {
  /**
   * Upper bound of JVMs that start a plan at the same time. Each of them loads the agent's classes,
   * a third of a second of a processor: more JVMs at a time would answer later, and not sooner.
   */
  private static final int STARTS =
      Math.max(4, Math.min(32, 2 * Runtime.getRuntime().availableProcessors()));

  /** Threads for the further steps, which read and write a few bytes. */
  private static final int STEPS = 4;

  /** Longer than the time limits of a running attach and of a release together. */
  private static final long END_MILLIS = 25_000;

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_MILLIS = 100;

  private final String command;
  private final Rows rows;
  private final PrintWriter err;
  private final boolean holds;
  private final ScheduledThreadPoolExecutor starts = pool(STARTS);

  /** Apart from the starts: a start must not delay the renewal of a lease. */
  private final ScheduledThreadPoolExecutor steps = pool(STEPS);

  private List<Task> tasks = List.of();
  private CountDownLatch open = new CountDownLatch(0);
  private volatile boolean outputClosed;
  private volatile boolean stopping;
  private ExitCode worst = ExitCode.DONE;

  /**
   * @param command name of the command, for the JSON object of a failure
   * @param holds true for works that hold until the end of this process
   */
  public ParallelRun(String command, Rows rows, PrintWriter err, boolean holds) {
    this.command = command;
    this.rows = rows;
    this.err = err;
    this.holds = holds;
  }

  private static ScheduledThreadPoolExecutor pool(int threads) {
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(
            threads, ParallelRun::daemon, new ThreadPoolExecutor.DiscardPolicy());
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return pool;
  }

  private static void schedule(ScheduledThreadPoolExecutor pool, Task task, long millis) {
    Future<?> unused = pool.schedule(task, millis, TimeUnit.MILLISECONDS); // a task throws nothing
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "jvm");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs the works until each has an outcome.
   *
   * @param stagger time between the starts of two JVMs
   * @throws OutputClosed if nobody reads the rows of plans that are held; the plans are released
   */
  public ExitCode run(List<ManyTarget> jvms, Duration stagger, Function<ManyTarget, JvmWork> work)
      throws InterruptedException {
    tasks = jvms.stream().map(jvm -> new Task(jvm, work.apply(jvm))).toList();
    open = new CountDownLatch(tasks.size());
    Thread hook = new Thread(this::interrupt, "interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      for (int i = 0; i < tasks.size(); i++) {
        schedule(starts, tasks.get(i), stagger.toMillis() * i);
      }
      awaitAll();
      stop();
    } finally {
      forget(hook);
    }
    if (outputClosed) {
      throw new OutputClosed();
    }
    return worst;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // the hook runs
    }
  }

  private void awaitAll() throws InterruptedException {
    long every = holds ? HEARTBEAT_NANOS : PROGRESS_NANOS;
    long due = System.nanoTime() + every;
    while (!open.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && !outputClosed) {
      if (System.nanoTime() - due >= 0) {
        sayProgress();
        due += every;
      }
    }
  }

  /** Java notices an ended reader of a pipe at the next line only. */
  private void sayProgress() {
    String progress = "%d of %d JVMs".formatted(tasks.size() - open.getCount(), tasks.size());
    if (!holds) {
      err.println(progress + " done");
    } else if (Stdout.isPipe()) {
      outputClosed = !rows.say(progress + " released, the rest is held");
    }
  }

  private void interrupt() {
    stop();
    long untouched = tasks.stream().filter(task -> !task.started).count();
    err.printf("interrupted: %d of %d JVMs were not touched%n", untouched, tasks.size());
    err.flush();
  }

  /** Starts no further step, and ends the works without an outcome after their running step. */
  private void stop() {
    stopping = true;
    starts.shutdown();
    steps.shutdown();
    if (open.getCount() > 0) {
      TimeLimit.each(END_MILLIS, tasks, Task::end, task -> false);
    }
  }

  /** Work of one JVM. */
  private final class Task implements Runnable {
    private final ManyTarget target;
    private final JvmWork work;
    private volatile boolean started;
    private volatile boolean over;

    Task(ManyTarget target, JvmWork work) {
      this.target = target;
      this.work = work;
    }

    @Override
    public synchronized void run() {
      if (stopping) {
        return;
      }
      started = true;
      Outcome outcome = outcomeOf(work::step);
      if (outcome == null) {
        schedule(steps, this, work.pauseMillis());
      } else {
        finish(outcome);
      }
    }

    synchronized boolean end() {
      Outcome outcome = started && !over ? outcomeOf(work::end) : null;
      if (outcome != null) {
        finish(outcome);
      }
      return true;
    }

    private void finish(Outcome outcome) {
      over = true;
      boolean read = rows.print(target.jvm(), outcome);
      synchronized (ParallelRun.this) {
        worst = ExitCode.worst(worst, outcome.code());
      }
      outputClosed |= holds && !read;
      open.countDown();
    }

    private Outcome outcomeOf(Step step) {
      try {
        return step.run();
      } catch (Failure e) {
        return failed(new Verdict(e.exitCode(), e.getMessage()));
      } catch (OutputClosed nobodyReads) {
        outputClosed = true;
        return null;
      } catch (IOException | RuntimeException | Error e) { // a failure in one JVM stops no other
        return failed(new Verdict(ExitCode.FAILED, e.toString()));
      }
    }

    private Outcome failed(Verdict verdict) {
      return Outcome.of(command, target, verdict);
    }
  }

  /** A step of a work. */
  private interface Step {
    Outcome run() throws IOException;
  }
}
