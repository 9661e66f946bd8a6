package io.allocmem.launcher.load;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Load client with an open loop: request i is due at start + i / rate, whatever the earlier answers
 * do. The time of a request runs from this intended start to the end of the body, so a stopped
 * service shows in each request that was due meanwhile.
 *
 * <p>At most 1000 requests are under way, each in a daemon thread. A further request waits for a
 * thread, and the wait counts. A request that is not answered within the timeout of the target has
 * failed. Each failure counts with the timeout at least: an error that comes fast is no fast
 * answer. The requests of the first second warm this client up, and do not count.
 */
public final class LoadClient implements AutoCloseable {
  /** Requests under way, and so threads and connections. */
  private static final int MOST = 1_000;

  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long STACK_BYTES = 256 << 10;

  /** Time for the end of the threads. */
  private static final long END_MILLIS = 2_000;

  /** Upper bound of a pause of the clock. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LoadTarget target;
  private final Rate rate;
  private final int most;
  private final IdleConnections idle;
  private final Thread clock = daemon(this::run, "load");
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE, // the count of workers is the limit
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> daemon(work, "load request"));

  /** In the order of their deadlines; guarded by this, as the next fields. */
  private final Set<Exchange> underWay = new LinkedHashSet<>();

  private long next;
  private int workers;

  /** Set before the threads start. */
  private long start;

  private Tally tally;
  private volatile boolean closed;
  private volatile boolean clockEnded;

  /** Creates a client that sends nothing before {@link #start}. */
  public LoadClient(LoadTarget target, Rate rate) {
    this(target, rate, MOST);
  }

  /**
   * @param most requests under way
   */
  LoadClient(LoadTarget target, Rate rate, int most) {
    this.target = target;
    this.rate = rate;
    this.most = most;
    this.idle = new IdleConnections(target.address());
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts the schedule, once. The first window begins a second later. */
  public void start() {
    start = System.nanoTime();
    tally = new Tally(rate.dueBy(WARM_UP_NANOS), start + WARM_UP_NANOS);
    clock.start();
  }

  /**
   * Ends the current window, begins the next, and returns the ended window once each of its
   * requests has an answer or has failed: after the timeout at the latest. One thread at a time may
   * call. After {@link #close} the window has the requests that ended before.
   *
   * @throws IllegalStateException if an error ended this client: the window is not whole
   */
  public LoadWindow window() throws InterruptedException {
    long now = System.nanoTime();
    LoadWindow window = tally.next(rate.dueBy(now - start), now);
    if (clockEnded && !closed) {
      throw new IllegalStateException("the thread of the load client has ended");
    }
    return window;
  }

  /** Begins the window anew, and returns at once: requests that are due already do not count. */
  public void skip() {
    long now = System.nanoTime();
    tally.skip(rate.dueBy(now - start), now);
  }

  private void run() {
    try {
      while (!closed) {
        abortLate();
        for (Exchange due = takeForNewWorker(); due != null; due = takeForNewWorker()) {
          hand(due);
        }
        idle.closeOld(System.nanoTime());
        LockSupport.parkNanos(this, pause(System.nanoTime()));
      }
    } finally {
      clockEnded = true;
      tally.close();
    }
  }

  private synchronized long pause(long now) {
    long toDue = dueOf(next) - now;
    long pause = toDue > 0 ? Math.min(PAUSE_NANOS, toDue) : PAUSE_NANOS; // else the workers take it
    Iterator<Exchange> oldest = underWay.iterator();
    return oldest.hasNext() ? Math.min(pause, oldest.next().deadline() - now) : pause;
  }

  private long dueOf(long index) {
    return start + rate.nanosTo(index);
  }

  private void abortLate() {
    List<Exchange> late = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      Iterator<Exchange> oldest = underWay.iterator();
      while (oldest.hasNext()) {
        Exchange exchange = oldest.next();
        if (exchange.deadline() - now > 0) {
          break;
        }
        oldest.remove();
        fail(exchange.index(), exchange.due(), Exchange.late(target));
        late.add(exchange);
      }
      failWaiting(now);
    }
    late.forEach(Exchange::abort);
  }

  /** Fails requests that no thread took in time. */
  private void failWaiting(long now) {
    while (dueOf(next) + target.timeout().toNanos() - now <= 0) {
      fail(next, dueOf(next), Exchange.late(target));
      next++;
    }
  }

  private void fail(long index, long due, String reason) {
    long nanos = Math.max(System.nanoTime() - due, target.timeout().toNanos());
    tally.failed(index, nanos, reason);
  }

  private synchronized Exchange takeForNewWorker() {
    Exchange due = workers < most ? take() : null;
    workers += due == null ? 0 : 1;
    return due;
  }

  private synchronized Exchange takeForWorker() {
    Exchange due = take();
    workers -= due == null ? 1 : 0;
    return due;
  }

  /** Returns the next request that is due; null if there is none. */
  private Exchange take() {
    long now = System.nanoTime();
    failWaiting(now);
    if (closed || dueOf(next) - now > 0) {
      return null;
    }
    Exchange exchange = new Exchange(target, next, dueOf(next));
    next++;
    underWay.add(exchange);
    return exchange;
  }

  private void hand(Exchange exchange) {
    try {
      threads.execute(() -> work(exchange));
    } catch (OutOfMemoryError noThread) {
      end(exchange, target.address().named() + " was not asked: no further thread can start");
      synchronized (this) {
        workers--;
      }
    } catch (RejectedExecutionException closing) {
      return;
    }
  }

  private void work(Exchange first) {
    for (Exchange exchange = first; exchange != null; exchange = takeForWorker()) {
      end(exchange, exchange.run(idle));
    }
  }

  /** Counts the end of a request, unless the request was late before. */
  private synchronized void end(Exchange exchange, String failure) {
    if (closed || !underWay.remove(exchange)) {
      return;
    }
    long now = System.nanoTime();
    long nanos = now - exchange.due();
    if (failure != null) {
      fail(exchange.index(), exchange.due(), failure);
    } else if (nanos > target.timeout().toNanos()) {
      fail(exchange.index(), exchange.due(), Exchange.late(target));
    } else {
      tally.answered(exchange.index(), now, nanos);
    }
  }

  /**
   * Ends the requests that are under way, and closes all connections. A thread that still waits for
   * the resolution of a name stays until the end of the resolution, and keeps no JVM alive.
   */
  @Override
  public void close() {
    List<Exchange> last;
    synchronized (this) {
      closed = true;
      last = new ArrayList<>(underWay);
      underWay.clear();
    }
    last.forEach(Exchange::abort);
    idle.close();
    threads.shutdownNow();
    LockSupport.unpark(clock);
    try {
      clock.join(END_MILLIS);
      threads.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
