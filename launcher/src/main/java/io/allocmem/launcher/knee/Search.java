package io.allocmem.launcher.knee;

/**
 * Search for the highest share of the heap with which a promise is kept: climbs by steps, and
 * halves the distance between the last good and the first bad share down to one point. Shares are
 * whole percent.
 *
 * <p>A share that broke the promise is measured once more, and counts as broken if it breaks the
 * promise again: one bad moment of the machine in any step would else end the climb there.
 */
final class Search {
  private final int from;
  private final int to;
  private final int step;

  /** Highest share that kept the promise. */
  private int good;

  /** Lowest share that did not; above {@link #to} before. */
  private int bad;

  /** Outcome of {@link #bad}; null before. */
  private Outcome reason;

  /**
   * Share that broke the promise in the last measurement, and is measured once more; 0 for none. If
   * it cannot be held once more, the breach counts.
   */
  private int doubted;

  /**
   * @param live share of the live heap without pressure, where the promise is kept; rounded down
   */
  Search(int live, int from, int to, int step) {
    this.good = live;
    this.from = from;
    this.to = to;
    this.step = step;
    this.bad = to + 1;
  }

  /** Returns true if the next share is the last one once more. */
  boolean isDoubted() {
    return doubted > 0;
  }

  /** Returns true if no further share needs a measurement. */
  boolean isOver() {
    return bad - good <= 1;
  }

  /** Returns the next share to measure. */
  int next() {
    if (doubted > 0) {
      return doubted;
    }
    if (reason != null) {
      return (good + bad) / 2;
    }
    int above = good < from ? from : from + ((good - from) / step + 1) * step;
    return Math.min(above, to);
  }

  /** Adds the outcome of a share. */
  void add(int share, Outcome outcome) {
    boolean once = share == doubted;
    boolean again = outcome == Outcome.BROKEN && !once;
    doubted = again ? share : 0;
    if (outcome == Outcome.KEPT) {
      good = Math.max(good, share);
    } else if (!again) {
      bad = Math.min(bad, share);
      reason = once && outcome == Outcome.REFUSED ? Outcome.BROKEN : outcome;
    }
  }

  /** Returns the upper bound of the number of shares from here. */
  int most() {
    int climb = good >= to ? 0 : (to - Math.max(good, from - 1)) / step + 2;
    int widest = Math.max(step, from - good);
    return climb + Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, widest - 1));
  }

  /** Returns the highest share that kept the promise. */
  int good() {
    return good;
  }

  /** Returns the lowest share that did not keep the promise. */
  int bad() {
    return bad;
  }

  /** Returns the outcome of that share; null if all shares kept the promise. */
  Outcome reason() {
    return reason;
  }
}
