package io.allocmem.allocator;

import io.allocmem.plan.HoldPlan;
import java.util.concurrent.locks.LockSupport;

/**
 * Orders of a plan, between the plan's thread and its workers, and what the workers must obey. Any
 * thread. Takes no lock, and allocates nothing after construction.
 */
final class OrderQueue {
  /**
   * Orders per worker that are not done, if only the limit ends the filling. The worker then never
   * waits while the plan's thread takes a block.
   */
  private static final int OPEN_AHEAD = 2;

  /**
   * Orders per worker: a worker begins the next block while the plan's thread settles the last
   * block of the worker.
   */
  private static final int ORDERS_PER_WORKER = 1 + OPEN_AHEAD;

  final Order[] orders;

  private volatile boolean paused;
  private volatile boolean ended;

  /** Thread that waits until an order is done; null for none. */
  private volatile Thread waiting;

  OrderQueue(HoldPlan plan) {
    orders = new Order[places(plan) - 1];
    for (int i = 0; i < orders.length; i++) {
      orders[i] = new Order(i + 1);
    }
  }

  /** Returns the threads of a plan, with the plan's thread. */
  static int threads(HoldPlan plan) {
    return plan.threads().of(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the maximum number of blocks that are taken or ordered at once, with the block of the
   * plan's thread.
   */
  static int places(HoldPlan plan) {
    return 1 + (threads(plan) - 1) * ORDERS_PER_WORKER;
  }

  /**
   * Returns an order that can be placed; null if the workers have orders enough. If usage can end
   * the filling, each worker has one order that is not done. A change of the usage therefore comes
   * too late for at most one block per worker.
   *
   * @param ahead true if only the limit ends the filling
   */
  Order idle(boolean ahead) {
    Order idle = null;
    int open = 0;
    for (Order order : orders) {
      boolean isIdle = order.isIdle();
      idle = isIdle ? order : idle;
      open += isIdle || order.isDone() ? 0 : 1;
    }
    int workers = orders.length / ORDERS_PER_WORKER;
    return open < workers * (ahead ? OPEN_AHEAD : 1) ? idle : null;
  }

  /** Claims an order that no other worker has begun; returns null for none. */
  Order claim() {
    for (Order order : orders) {
      if (!paused && !ended && order.claim()) {
        return order;
      }
    }
    return null;
  }

  /** Returns true if a worker need not sleep. */
  boolean isAnyWanted() {
    for (Order order : orders) {
      if (order.isWanted()) {
        return !paused;
      }
    }
    return false;
  }

  /** Reports that an order is done. */
  void done() {
    Thread thread = waiting;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Makes each done order end a park of a thread; null for no thread. Orders may be done already.
   */
  void wakes(Thread thread) {
    waiting = thread;
  }

  void pause(boolean now) {
    paused = now;
  }

  void end() {
    ended = true;
  }

  /** Returns true if workers must stop after at most one slice, and wait. */
  boolean isPaused() {
    return paused;
  }

  /** Returns true if workers must end after at most one slice. */
  boolean isEnded() {
    return ended;
  }
}
