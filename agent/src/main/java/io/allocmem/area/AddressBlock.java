package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;

/** Block outside the heap, at a constant address for life. */
abstract class AddressBlock implements Block {
  final BlockPages kind;
  final Pages pages;
  private final long committed;

  /** Address of the first byte; set after allocation. */
  long address;

  AddressBlock(long committed, BlockPages kind) {
    this.committed = committed;
    this.kind = kind;
    this.pages = kind.pages;
  }

  /** Asks for the plan's kind of pages. Returns false if the kernel refuses to lock memory. */
  boolean prepare() {
    return kind.prepare(address, committed);
  }

  /** Ends the lock of the touched part, which the kernel would keep. */
  void unlock() {
    kind.unlock(address, committed);
  }

  @Override
  public boolean overlaps(long from, long to) {
    return address < to && from < address + committed;
  }

  @Override
  public long committed() {
    return committed;
  }

  @Override
  public void touch(long from, long to) {
    for (long at = from; at < to; at += OffHeap.PAGE_SIZE) {
      OffHeap.touch(address + at);
    }
  }

  @Override
  public void drop(long from, long to) {
    if (from == 0) { // the touched part as well
      unlock();
    }
    pages.drop(address, committed, Pages.afterTouching(from), Pages.afterTouching(to));
  }

  @Override
  public long resident(long from, long to) {
    return pages.resident(address, from, to);
  }
}
