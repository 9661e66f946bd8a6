package io.allocmem.area;

import io.allocmem.pages.Pages;

/** Area of blocks with pages of their own, so that pages can be counted and released. */
abstract class PagedArea implements MemoryArea {
  final Pages pages;

  PagedArea(Pages pages) {
    this.pages = pages;
  }

  @Override
  public String pagesUnavailable() {
    return pages.unavailableOffHeap();
  }
}
