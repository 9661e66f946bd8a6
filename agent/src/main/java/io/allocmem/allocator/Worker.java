package io.allocmem.allocator;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.plan.AgentThread;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.util.concurrent.locks.LockSupport;

/**
 * Thread that carries out orders: allocates and touches one block after the other. Never throws.
 * Allocates nothing but blocks. Takes no lock, except for a moment in an area with state of its
 * own: an order is a field, and a wait is a park.
 */
final class Worker implements Runnable {
  /** Wait without sleep: a sleeping thread needs as long to wake up on Linux. */
  private static final long AWAKE_NANOS = 50_000;

  private final OrderQueue queue;
  private final MemoryArea area;
  private final Exports exports;
  private final ByteSize size;
  private final long touchedPerBlock;
  private final Thread thread;

  /** True if the thread sleeps or is about to sleep. */
  private volatile boolean asleep;

  /** Message for a full heap; a literal would become an object at its first use. */
  private final String noRoomForObjects = String.valueOf(HeldBlocks.NO_ROOM_FOR_OBJECTS);

  Worker(String name, OrderQueue queue, HoldPlan plan, MemoryArea area, Exports exports) {
    this.queue = queue;
    this.area = area;
    this.exports = exports;
    this.size = plan.blockSize();
    this.touchedPerBlock = plan.touchedPerBlock().bytes();
    this.thread = AgentThread.of(this, name);
  }

  void start() {
    thread.start();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Wakes the thread. Any thread. Returns false if the thread is awake. */
  boolean wakeUp() {
    if (!asleep) {
      return false;
    }
    asleep = false;
    LockSupport.unpark(thread);
    return true;
  }

  @Override
  public void run() {
    while (!queue.isEnded()) {
      Order order = queue.claim();
      if (order == null) {
        sleep();
      } else {
        carryOut(order, area);
        queue.done();
      }
    }
  }

  /** Waits for an order, first for a moment without sleep. */
  private void sleep() {
    long start = System.nanoTime();
    while (!queue.isAnyWanted() && System.nanoTime() - start < AWAKE_NANOS) {
      continue;
    }
    asleep = true;
    if (!queue.isEnded() && !queue.isAnyWanted()) {
      LockSupport.park(this);
      Thread.interrupted(); // after an interrupt by the application, park would not wait
    }
    asleep = false;
  }

  private void carryOut(Order order, MemoryArea from) {
    try {
      if (allocate(order, from)) {
        touch(order);
      }
    } catch (Throwable unexpected) {
      order.failed(unexpected);
    }
  }

  /** Returns false if the area has no room. */
  private boolean allocate(Order order, MemoryArea from) {
    exports.blockBegins(order.place);
    try {
      order.allocated(from.allocate(size));
      return true;
    } catch (AreaExhausted refused) {
      order.refused(refused.getMessage());
    } catch (OutOfMemoryError full) {
      order.refused(noRoomForObjects);
    }
    return false;
  }

  /** Touches the block in slices, so that a pause and a release come through. */
  private void touch(Order order) {
    Block block = order.block();
    for (long at = 0; at < touchedPerBlock && goesOn(); ) {
      long to = Math.min(touchedPerBlock, at + HeldBlocks.SLICE);
      block.touch(at, to);
      order.touched(to);
      at = to;
    }
    order.ready();
  }

  /** Waits while the plan is paused. Returns false once the plan is releasing. */
  private boolean goesOn() {
    while (queue.isPaused() && !queue.isEnded()) {
      asleep = true;
      if (queue.isPaused() && !queue.isEnded()) {
        LockSupport.park(this);
        Thread.interrupted();
      }
      asleep = false;
    }
    return !queue.isEnded();
  }

  /**
   * Carries out orders without a thread: for a block of no memory, and for a refused block. The JVM
   * links calls at first use.
   */
  void warmUp() {
    Order order = new Order(0);
    order.place();
    order.claim();
    carryOut(order, new Rehearsal(false));
    order.end();
    carryOut(order, new Rehearsal(true));
    order.end();
    LockSupport.unpark(Thread.currentThread());
    LockSupport.park(this);
  }

  /** Area of blocks that take no memory. */
  private static final class Rehearsal implements MemoryArea, Block {
    private final boolean refuses;

    Rehearsal(boolean refuses) {
      this.refuses = refuses;
    }

    @Override
    public Block allocate(ByteSize size) {
      if (refuses) {
        throw new OutOfMemoryError();
      }
      return this;
    }

    @Override
    public String pagesUnavailable() {
      return null;
    }

    @Override
    public long committed() {
      return 0;
    }

    @Override
    public void touch(long from, long to) {}

    @Override
    public void drop(long from, long to) {}

    @Override
    public long resident(long from, long to) {
      return 0;
    }

    @Override
    public void release() {}
  }
}
