package io.allocmem.allocator;

import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;

/**
 * Blocks that the workers of a plan take. The plan's thread orders each block after its own checks,
 * counts an allocated block at once, and moves a touched block to the held blocks. Only the plan's
 * thread uses an instance. Allocates nothing.
 */
final class OrderedBlocks {
  private final PlanState state;
  private final HeldBlocks held;
  private final OrderQueue queue;
  private final Workers workers;
  private String refusal;

  OrderedBlocks(HoldPlan plan, MemoryArea area, PlanState state, HeldBlocks held, Exports exports) {
    this.state = state;
    this.held = held;
    this.queue = new OrderQueue(plan);
    this.workers = new Workers(plan, queue, area, exports);
  }

  /** Starts the workers; the attach thread. */
  void start() {
    workers.start();
  }

  /**
   * Orders one block. Returns false if the workers have orders enough, or if a limit of the kernel
   * is near: the plan's thread then takes the block, or learns the reason.
   *
   * @param ahead true if only the limit ends the filling: workers may have more orders
   */
  boolean order(boolean ahead) {
    Order order = queue.idle(ahead);
    if (order == null || held.prepare() != null) {
      return false;
    }
    state.order(1);
    workers.place(order);
    return true;
  }

  /** Returns true if an order is placed, and its block is not held yet. */
  boolean isBusy() {
    for (Order order : queue.orders) {
      if (!order.isIdle()) {
        return true;
      }
    }
    return false;
  }

  /** Withdraws one order that no worker has begun. Returns false if there is none. */
  boolean withdraw() {
    for (Order order : queue.orders) {
      if (order.withdraw()) {
        state.order(-1);
        return true;
      }
    }
    return false;
  }

  /** Withdraws all orders that no worker has begun. */
  void withdrawAll() {
    while (withdraw()) {
      continue;
    }
  }

  /**
   * Counts the blocks that workers have allocated, and notes refusals.
   *
   * @throws RuntimeException or Error that a worker met
   */
  void count() {
    for (Order order : queue.orders) {
      if (order.isAllocated()) {
        count(order);
      } else if (order.isRefused()) {
        refusal = order.refusal();
        state.order(-1);
        order.end();
      }
      if (order.isFailed()) {
        rethrow(order.failure());
      }
    }
  }

  private void count(Order order) {
    if (!order.isCounted) {
      order.isCounted = true;
      state.order(-1);
      held.count(order.block());
    }
    long touched = order.touched();
    state.add(Reading.TOUCHED, touched - order.counted);
    order.counted = touched;
  }

  /** Counts, and holds the blocks that workers have touched. */
  void collect() {
    for (Order order : queue.orders) {
      if (order.isReady()) {
        count(order);
        held.keep(order.block(), order.counted, order.place);
        order.end();
        held.logNewest();
      }
    }
    count();
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof Error) {
      throw (Error) failure;
    }
    throw (RuntimeException) failure; // an area throws no other exception
  }

  /** Returns the reason of the last refusal by the area; null for none. */
  String refusal() {
    return refusal;
  }

  void forgetRefusal() {
    refusal = null;
  }

  /** Makes each touched block end a park of the plan's thread, until {@link #ignore}. */
  void watch() {
    queue.wakes(Thread.currentThread());
  }

  void ignore() {
    queue.wakes(null);
  }

  /** Returns true if a worker is done with a block that is not held yet. */
  boolean isAnyDone() {
    for (Order order : queue.orders) {
      if (order.isDone()) {
        return true;
      }
    }
    return false;
  }

  /** Makes the workers stop after at most one slice, until {@link #resume}. */
  void pause() {
    workers.pause();
  }

  void resume() {
    workers.resume();
  }

  /** Ends the workers, after at most one slice each. Withdraws all other orders. */
  void end() {
    workers.end();
    withdrawAll();
  }

  /**
   * Releases the blocks of the workers that have ended, without counting.
   *
   * @return true if nothing is left, neither a block nor a thread
   */
  boolean releaseRest() {
    for (Order order : queue.orders) {
      if (order.isDone()) {
        Block block = order.block();
        order.end();
        if (block != null) {
          block.release();
        }
      }
    }
    return workers.haveEnded() && !isBusy();
  }
}
