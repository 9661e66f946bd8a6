package io.allocmem.allocator;

import io.allocmem.control.Reading;
import io.allocmem.readings.HugeMappings;

/**
 * Count of the bytes of a plan's blocks that are in huge pages. A count reads the list of all
 * mappings of the JVM, and is therefore rare. Only the plan's thread uses an instance. Allocates
 * nothing after construction.
 */
final class HugeCount implements HugeMappings.Owner {
  /** Part of the time for counts of a plan that takes or releases blocks. */
  static final int COST_SHARE = 100;

  /** Part of the time for a count whose figure is shown for a long time. */
  static final int URGENT_COST_SHARE = 4;

  /** No limit of the time: a plan without blocks needs no list. */
  static final int AT_ONCE = 0;

  private final BlockRing held;
  private final PlanState state;
  private final HugeMappings mappings;
  private long cost;
  private long countedAt;

  /** Index of the block found last: neighbours in the list of mappings are often neighbours. */
  private int found;

  HugeCount(BlockRing held, PlanState state, HugeMappings mappings) {
    this.held = held;
    this.state = state;
    this.mappings = mappings;
    this.countedAt = System.nanoTime();
    state.set(Reading.HUGE, mappings.bytes(this)); // links the calls while the heap has room
  }

  /**
   * Counts, unless counting takes too much of the time. The touched bytes are then an upper bound.
   *
   * @param costShare a count takes at most this part of the time
   */
  void count(int costShare) {
    if (System.nanoTime() - countedAt >= costShare * cost) {
      count();
    } else {
      state.set(Reading.HUGE, Math.min(state.get(Reading.HUGE), state.get(Reading.TOUCHED)));
    }
  }

  private void count() {
    long start = System.nanoTime();
    boolean none = held.size() == 0 && state.get(Reading.BLOCKS) == 0;
    state.set(Reading.HUGE, none ? 0 : mappings.bytes(this));
    countedAt = System.nanoTime();
    cost = countedAt - start;
  }

  /**
   * Searches from the block found last in both directions. A mapping with huge pages of a plan has
   * no memory of others: memory with other advice is between the blocks of two plans.
   */
  @Override
  public boolean owns(long from, long to) {
    int count = held.size();
    for (int distance = 0; distance < count; distance++) {
      int after = found + distance;
      int before = found - distance;
      if (after < count && held.get(after).overlaps(from, to)) {
        found = after;
        return true;
      }
      if (before >= 0 && before < count && held.get(before).overlaps(from, to)) {
        found = before;
        return true;
      }
    }
    return false;
  }
}
