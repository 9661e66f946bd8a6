package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;

/** Limitation of a plan in this JVM, with a sentence for people. Immutable. */
final class Caveat {
  /** Pages of an array that it shares with its neighbours: one at either end. */
  private static final long SHARED_PAGES = 2;

  /** Share of a block that these pages may have without a word. */
  private static final int UNSAID_SHARE = 100;

  /** True if only the touched part of a block stays in RAM. */
  final boolean fillEnforced;

  /** Sentence for people; empty for no limitation. */
  final String sentence;

  Caveat(HoldPlan plan, MemoryArea area) {
    String unavailable = area.pagesUnavailable();
    boolean full = plan.fill().isFull();
    if (unavailable == null && !full && area.isWritten(plan.blockSize())) {
      unavailable = "a block of less than two pages is written as a whole";
    }
    fillEnforced = unavailable == null || full || !area.isResidentAtFirst();
    sentence = unavailable == null ? granularity(plan) : sentence(plan.area(), unavailable);
  }

  private static String granularity(HoldPlan plan) {
    boolean shares = plan.area() == AreaKind.HEAP && !plan.fill().isFull();
    ByteSize pages = ByteSize.ofBytes(SHARED_PAGES * MemoryArea.PAGE_SIZE);
    return !shares || pages.bytes() * UNSAID_SHARE <= plan.blockSize().bytes()
        ? ""
        : "fill ratio by whole pages: up to " + pages.toHuman() + " more of each block stay in RAM";
  }

  private String sentence(AreaKind area, String unavailable) {
    if (fillEnforced) {
      return "resident pages not counted here: " + unavailable;
    }
    String where = area == AreaKind.HEAP ? "on the heap" : "in " + area.toHuman();
    return "fill ratio not enforced " + where + " here: " + unavailable + "; touched = committed";
  }
}
