package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;

/** Block outside the heap, at a constant address for life. */
abstract class AddressBlock implements Block {
  final Pages pages;
  private final long committed;

  /** Address of the first byte; set after allocation. */
  long address;

  AddressBlock(long committed, Pages pages) {
    this.committed = committed;
    this.pages = pages;
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
    pages.drop(address, committed, Pages.afterTouching(from), Pages.afterTouching(to));
  }

  @Override
  public long resident(long from, long to) {
    return pages.resident(address, from, to);
  }
}
