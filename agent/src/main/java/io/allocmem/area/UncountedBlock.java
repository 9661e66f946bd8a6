package io.allocmem.area;

import io.allocmem.pages.Pages;

/** Block that is written at allocation, with pages shared with other memory. */
abstract class UncountedBlock implements Block {
  private final long committed;

  UncountedBlock(long committed) {
    this.committed = committed;
  }

  @Override
  public long committed() {
    return committed;
  }

  @Override
  public void touch(long from, long to) {}

  @Override
  public void drop(long from, long to) {}

  @Override
  public long resident(long from, long to) {
    return Pages.UNKNOWN;
  }
}
