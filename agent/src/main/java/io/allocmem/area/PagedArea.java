package io.allocmem.area;

import io.allocmem.pages.Pages;

/** An area whose blocks have pages of their own, which can be counted and given back. */
abstract class PagedArea implements MemoryArea {
  final Pages pages;

  PagedArea(Pages pages) {
    this.pages = pages;
  }

  @Override
  public String pagesUnavailable() {
    return pages.unavailable();
  }
}
