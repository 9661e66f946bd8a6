package io.allocmem.launcher.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Runs system calls that may never return, such as opening a FIFO. Reading the memory of a process
 * also blocks while the process withholds the pages. A blocked system call cannot be interrupted.
 * The thread therefore stays blocked, but as a daemon does not keep this JVM alive.
 */
public final class TimeLimit {
  private static final ThreadFactory DAEMONS =
      work -> {
        Thread thread = new Thread(null, work, "look", 256 << 10);
        thread.setDaemon(true);
        return thread;
      };

  /** Thread limit for a launcher that runs for days: above the limit, calls fail at once. */
  private static final ExecutorService CALLS =
      new ThreadPoolExecutor(0, 1024, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), DAEMONS);

  /** Thread limit of works in parallel. */
  private static final int MOST = 64;

  /** Time without an answer after which further threads start. */
  private static final long STALL_MILLIS = 10;

  private TimeLimit() {}

  /**
   * Returns the result of the work.
   *
   * @param what object of the work, for the error message
   * @throws IOException from the work, or if the work takes too long
   */
  public static <T> T within(long millis, Object what, Callable<T> work) throws IOException {
    try {
      Future<T> result = CALLS.submit(work);
      try {
        return result.get(millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new ForeignFiles.LateException(what + " does not answer", e);
      } finally {
        result.cancel(true); // also if this thread is interrupted
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (RejectedExecutionException e) {
      throw new ForeignFiles.LateException(
          what + " is not looked at: too many files do not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Runs the work for all elements in parallel. If the work for an element is late or throws an
   * exception, the function {@code late} gives the result.
   *
   * <p>Starts two threads for each processor. Works without an answer then get further threads, so
   * a blocked work delays no other work.
   */
  public static <T, R> List<R> each(
      long millis, List<T> elements, Function<T, R> work, Function<T, R> late) {
    int few = few(Runtime.getRuntime().availableProcessors());
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            few, MOST, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), DAEMONS);
    try {
      List<Future<R>> results = new ArrayList<>();
      elements.forEach(element -> results.add(threads.submit(() -> work.apply(element))));
      await(results, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), threads);
      List<R> all = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        all.add(resultOf(results.get(i), elements.get(i), late));
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Returns the number of threads at the start, on a machine of any size. */
  static int few(int processors) {
    return Math.min(2 * processors, MOST);
  }

  /** Waits for the results until the deadline, and cancels the works without a result. */
  private static <R> void await(List<Future<R>> results, long deadline, ThreadPoolExecutor threads)
      throws InterruptedException {
    for (Future<R> result : results) {
      while (!result.isDone() && System.nanoTime() - deadline < 0) {
        if (!isDoneIn(STALL_MILLIS, result)) {
          threads.setCorePoolSize(Math.min(2 * threads.getCorePoolSize(), MOST));
        }
      }
      result.cancel(true); // without effect on a work with a result
    }
  }

  private static boolean isDoneIn(long millis, Future<?> result) throws InterruptedException {
    try {
      result.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stalled) {
      return false;
    } catch (ExecutionException failed) {
      return true;
    }
  }

  private static <T, R> R resultOf(Future<R> result, T element, Function<T, R> late)
      throws InterruptedException {
    try {
      return result.get();
    } catch (CancellationException | ExecutionException notDone) {
      return late.apply(element);
    }
  }
}
