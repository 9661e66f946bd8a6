package io.allocmem.allocator;

import io.allocmem.area.MemoryArea;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;

/** Limitation of a plan in this JVM, with a sentence for people. Immutable. */
final class Caveat {
  /** True if only the touched part of a block stays in RAM. */
  final boolean fillEnforced;

  /** Sentence for people; empty for no limitation. */
  final String sentence;

  Caveat(HoldPlan plan, MemoryArea area) {
    String unavailable = area.pagesUnavailable();
    fillEnforced = unavailable == null || plan.fill().isFull() || !area.isResidentAtFirst();
    sentence = unavailable == null ? "" : sentence(plan.area(), unavailable);
  }

  private String sentence(AreaKind area, String unavailable) {
    if (fillEnforced) {
      return "resident pages not counted here: " + unavailable;
    }
    String where = area == AreaKind.HEAP ? "on the heap" : "in " + area.toHuman();
    return "fill ratio not enforced " + where + " here: " + unavailable + "; touched = committed";
  }
}
