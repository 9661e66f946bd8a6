package io.allocmem.area;

import io.allocmem.pages.Pages;

/** Area of blocks with pages of their own, so that pages can be counted and released. */
abstract class PagedArea implements MemoryArea {
  static final String NO_LOCK = "no more memory may be locked (RLIMIT_MEMLOCK, ulimit -l)";

  final Pages pages;

  PagedArea(Pages pages) {
    this.pages = pages;
  }

  @Override
  public String pagesUnavailable() {
    return pages.unavailableOffHeap();
  }
}
