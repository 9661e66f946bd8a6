package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocks that are daemon threads, which wait: the stack of each is of the block size, and used from
 * its top down to the depth that the fill ratio says. The last pages of a stack are the JVM's and
 * protected, so they stay untouched.
 */
final class StackArea extends PagedArea {
  /** HotSpot protects 4 pages by default, and a thread's first frames and data take 2 or 3 more. */
  private static final long NOT_TOUCHED = 16L * OffHeap.PAGE_SIZE;

  private static final long POLL_NANOS = 50_000;
  private static final long LONGEST_WAIT_NANOS = 1_000_000_000;

  private final AreaExhausted exhausted =
      new AreaExhausted("no more threads, or no address space for their stacks");
  private final long touched;

  /**
   * @param touched bytes of each stack that will be used
   * @throws IOException without the page library, which tells where a stack is
   */
  StackArea(Pages pages, long touched) throws IOException {
    super(pages);
    this.touched = touched;
    if (pages.unavailable() != null) {
      throw new IOException("thread stacks need the page library: " + pages.unavailable());
    }
    StackBlock first = new StackBlock(1 << 20, pages, 1 << 16);
    first.start(); // links the calls while the heap has room for it
    first.release();
    OffHeap.rehearse();
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
    return false;
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
      this.thread = new Thread(null, this, "allocmem-stack", committed);
      thread.setDaemon(true);
      thread.setContextClassLoader(StackArea.class.getClassLoader());
    }

    void start() {
      thread.start();
      for (long waited = 0; !ready && waited < LONGEST_WAIT_NANOS; waited += POLL_NANOS) {
        nap();
      }
    }

    private static void nap() {
      LockSupport.parkNanos(POLL_NANOS);
      Thread.interrupted(); // by the application, say: no park would wait any more
    }

    /**
     * Writes below its own frames: all of a thread's stack is mapped from the start, and nothing
     * else uses that part while this thread is here.
     */
    @Override
    public void run() {
      long top = pages.stackAddress();
      for (long depth = OffHeap.PAGE_SIZE; depth <= touched; depth += OffHeap.PAGE_SIZE) {
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

    /** Returns when the thread has ended: the kernel takes its stack back with it. */
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
