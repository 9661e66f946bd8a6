package io.allocmem.allocator;

import io.allocmem.area.Block;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Order for one block, reused for block after block. The plan's thread places, withdraws and ends
 * an order; one {@link Worker} claims and carries out an order. The state passes the fields from
 * thread to thread. Allocates nothing after construction.
 */
final class Order {
  /** No block is wanted. */
  private static final int IDLE = 0;

  /** A block is wanted, and no worker has begun. */
  private static final int WANTED = 1;

  /** A worker allocates the block. */
  private static final int CLAIMED = 2;

  /** A worker touches the block. */
  private static final int ALLOCATED = 3;

  /** The block is touched, or the plan is releasing. */
  private static final int READY = 4;

  /** The area has no room for the block. */
  private static final int REFUSED = 5;

  /** An error ended the allocation or the touching. */
  private static final int FAILED = 6;

  /** Place of the block among the blocks that are taken at once; the plan's thread has 0. */
  final int place;

  private final AtomicInteger state = new AtomicInteger(IDLE);
  private volatile long touched;
  private Block block;
  private String refusal;
  private Throwable failure;

  /** Bytes of the block that the plan's thread has counted as touched. */
  long counted;

  /** True if the plan's thread has counted the block. */
  boolean isCounted;

  Order(int place) {
    this.place = place;
  }

  boolean isIdle() {
    return state.get() == IDLE;
  }

  boolean isWanted() {
    return state.get() == WANTED;
  }

  /** Returns true if the block is allocated, touched or not. */
  boolean isAllocated() {
    int now = state.get();
    return now == ALLOCATED || now == READY || now == FAILED && block != null;
  }

  /** Returns true if the block is touched, or the plan is releasing. */
  boolean isReady() {
    return state.get() == READY;
  }

  boolean isRefused() {
    return state.get() == REFUSED;
  }

  boolean isFailed() {
    return state.get() == FAILED;
  }

  /** Returns true if a worker has ended its part, in whatever way. */
  boolean isDone() {
    return state.get() >= READY;
  }

  /** Places the order. The plan's thread; the order is idle. */
  void place() {
    touched = 0;
    counted = 0;
    isCounted = false;
    state.set(WANTED);
  }

  /** Withdraws the order. The plan's thread. Returns false if a worker has begun. */
  boolean withdraw() {
    return state.compareAndSet(WANTED, IDLE);
  }

  /** Claims the order. Any worker. Returns false if another thread was faster. */
  boolean claim() {
    return state.compareAndSet(WANTED, CLAIMED);
  }

  void allocated(Block newBlock) {
    block = newBlock;
    state.set(ALLOCATED);
  }

  void touched(long bytes) {
    touched = bytes;
  }

  void ready() {
    state.set(READY);
  }

  void refused(String reason) {
    refusal = reason;
    state.set(REFUSED);
  }

  void failed(Throwable error) {
    failure = error;
    state.set(FAILED);
  }

  Block block() {
    return block;
  }

  /** Returns the bytes of the block that are touched so far. */
  long touched() {
    return touched;
  }

  String refusal() {
    return refusal;
  }

  Throwable failure() {
    return failure;
  }

  /** Makes a done order idle. The plan's thread. */
  void end() {
    block = null;
    refusal = null;
    failure = null;
    state.set(IDLE);
  }
}
