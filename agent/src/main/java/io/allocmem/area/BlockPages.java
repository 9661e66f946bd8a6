package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PageKind;
import java.io.IOException;

/**
 * Kind of pages in the touched part of each block of a plan. The rest of a block has normal pages,
 * and stays untouched. Immutable; any thread. Allocates nothing after construction.
 */
final class BlockPages {
  /** ENOSYS, see errno(3): the kernel has no such call. */
  private static final int NO_SUCH_CALL = -38;

  final Pages pages;
  private final PageKind kind;

  /** Size of a page of this kind in bytes. */
  private final int size;

  private final long touched;

  /**
   * @throws IOException with a sentence, if this JVM or this kernel has no access to such pages
   */
  BlockPages(HoldPlan plan, Pages pages) throws IOException {
    this.pages = pages;
    this.kind = plan.pages();
    this.size = (int) Math.max(OffHeap.PAGE_SIZE, plan.pageSize());
    this.touched = plan.touchedPerBlock().bytes();
    if (kind != PageKind.NORMAL && pages.unavailable() != null) {
      throw new IOException(
          plan.wording().option("pages", kind) + " needs the page library: " + pages.unavailable());
    }
    if (kind == PageKind.LOCKED && pages.lock(0, OffHeap.PAGE_SIZE) == NO_SUCH_CALL) {
      throw new IOException(
          plan.wording().option("pages", kind)
              + " needs mlock2(2), and this kernel has no such call: Linux 4.4 has");
    }
  }

  /** Returns true if {@link #prepare} changes the mapping of a block. */
  boolean areSpecial() {
    return kind != PageKind.NORMAL;
  }

  /** Returns true if the JVM's own writes must not decide on the kind of the pages. */
  boolean areHuge() {
    return kind == PageKind.HUGE;
  }

  /** Returns the alignment of blocks, where we choose the address. */
  int alignment() {
    return size;
  }

  /**
   * Asks for pages of this kind in a new block, before the first touch.
   *
   * @return false if the kernel refuses to lock memory
   */
  boolean prepare(long address, long committed) {
    long end = address + Math.min(touched, committed);
    if (kind == PageKind.HUGE) {
      pages.huge(address, end, size); // a refusal shows in the figures
    }
    return kind != PageKind.LOCKED || pages.lock(address, end) == 0;
  }

  /** Writes to each page between two offsets; returns false if nothing was written. */
  boolean touch(long address, long from, long to) {
    return pages.touch(address, from, to, size);
  }

  /** Makes the pages of a block normal again: the kernel keeps locked pages. */
  void unlock(long address, long committed) {
    if (kind == PageKind.LOCKED) {
      pages.unlock(address, address + Math.min(touched, committed));
    }
  }
}
