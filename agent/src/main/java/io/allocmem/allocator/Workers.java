package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.plan.HoldPlan;

/**
 * Threads that carry out the orders of a plan's thread. The plan's thread takes blocks as well, so
 * a plan of N threads has N-1 workers, and a plan of one thread has none. Daemon threads, from the
 * start of the plan to the end. Workers decide nothing and count nothing. Only the plan's thread
 * uses an instance, after the start. Allocates nothing after the start.
 */
final class Workers {
  private final OrderQueue queue;
  private final Worker[] workers;

  Workers(HoldPlan plan, OrderQueue queue, MemoryArea area, Exports exports) {
    this.queue = queue;
    this.workers = new Worker[OrderQueue.threads(plan) - 1];
    for (int i = 0; i < workers.length; i++) {
      String name = "allocmem-" + plan.name() + "/" + (i + 2);
      workers[i] = new Worker(name, queue, plan, area, exports);
    }
  }

  /**
   * Executes the steps of an order once while the heap has room, and starts the threads. The attach
   * thread.
   *
   * @throws OutOfMemoryError if the machine has no room for a thread; {@link #end} then ends the
   *     threads that have started
   */
  void start() {
    for (Worker worker : workers) {
      worker.warmUp();
    }
    for (Worker worker : workers) {
      worker.start();
    }
  }

  /** Places an idle order. */
  void place(Order order) {
    order.place();
    for (Worker worker : workers) {
      if (worker.wakeUp()) {
        return;
      }
    }
  }

  /** Makes the workers stop after at most one slice, until {@link #resume}. */
  void pause() {
    queue.pause(true);
  }

  void resume() {
    queue.pause(false);
    wakeUpAll();
  }

  /** Ends the threads, after at most one slice each. */
  void end() {
    queue.end();
    wakeUpAll();
  }

  private void wakeUpAll() {
    for (Worker worker : workers) {
      worker.wakeUp();
    }
  }

  /** Returns true if no thread is left. */
  boolean haveEnded() {
    for (Worker worker : workers) {
      if (worker.isAlive()) {
        return false;
      }
    }
    return true;
  }
}
