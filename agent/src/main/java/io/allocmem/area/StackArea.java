package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.AgentThread;
import io.allocmem.plan.ByteSize;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocks that are waiting daemon threads. The stack of each thread has the block size, and is used
 * from the top down to the depth of the fill ratio. The last pages of a stack are protected by the
 * JVM, and stay untouched.
 */
final class StackArea extends PagedArea {
  /**
   * Untouched end of a stack: HotSpot protects 4 pages by default, and a thread's first frames and
   * data take 2 or 3 more.
   */
  private static final long NOT_TOUCHED = 16L * OffHeap.PAGE_SIZE;

  private static final long POLL_NANOS = 50_000;
  private static final long LONGEST_WAIT_NANOS = 1_000_000_000;

  private final AreaExhausted exhausted =
      new AreaExhausted("no more threads, or no address space for their stacks");
  private final long touched;

  /**
   * @param touched bytes of each stack to use
   * @throws IOException without the page library, which finds the address of a stack
   */
  StackArea(Pages pages, long touched) throws IOException {
    super(pages);
    this.touched = touched;
    if (pages.unavailable() != null) {
      throw new IOException("thread stacks need the page library: " + pages.unavailable());
    }
    StackBlock first = new StackBlock(1 << 20, pages, 1 << 16);
    first.start(); // links the calls while the heap has room
    first.release();
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    try {
      StackBlock block = new StackBlock(size.bytes(), pages, touched);
      block.start();
      return block;
    } catch (OutOfMemoryError refused) {
      throw exhausted.by(refused);
    }
  }

  @Override
  public boolean isResidentAtFirst() {
    return pages.isLocked();
  }

  private static final class StackBlock extends UncountedBlock implements Runnable {
    private final Pages pages;
    private final long usable;
    private final long touched;
    private final Thread thread;
    private volatile long lowest;
    private volatile boolean ready;
    private volatile boolean released;

    StackBlock(long committed, Pages pages, long touched) {
      super(committed);
      this.pages = pages;
      this.usable = Math.max(0, committed - NOT_TOUCHED);
      this.touched = Math.min(touched, usable);
      this.thread = AgentThread.of(this, "allocmem-stack", committed);
    }

    void start() {
      thread.start();
      for (long waited = 0; !ready && waited < LONGEST_WAIT_NANOS; waited += POLL_NANOS) {
        nap();
      }
    }

    private static void nap() {
      LockSupport.parkNanos(POLL_NANOS);
      Thread.interrupted(); // an interrupt by the application would end each park
    }

    /**
     * Writes below its own frames. The whole stack of a thread is mapped from the start, and no
     * other code uses this part while this thread is here.
     */
    @Override
    public void run() {
      long top = pages.stackAddress();
      long depths = touched / OffHeap.PAGE_SIZE * OffHeap.PAGE_SIZE;
      boolean done = pages.touch(top - depths, 0, depths, OffHeap.PAGE_SIZE);
      for (long depth = OffHeap.PAGE_SIZE; !done && depth <= depths; depth += OffHeap.PAGE_SIZE) {
        OffHeap.touch(top - depth);
      }
      lowest = top - usable;
      ready = true;
      while (!released) {
        LockSupport.park(this);
        Thread.interrupted();
      }
    }

    @Override
    public long resident(long from, long to) {
      return pages.resident(lowest, Math.min(from, usable), Math.min(to, usable));
    }

    /** Returns after the thread has ended: the kernel then takes back the stack. */
    @Override
    public void release() {
      released = true;
      LockSupport.unpark(thread);
      for (long waited = 0; thread.isAlive() && waited < LONGEST_WAIT_NANOS; waited += POLL_NANOS) {
        nap();
      }
    }
  }
}
