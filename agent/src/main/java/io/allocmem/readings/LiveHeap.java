package io.allocmem.readings;

import io.allocmem.readings.Collectors.Kind;

/**
 * Live heap of the application, as left by finished collections: at most the heap's use then, minus
 * the plan's blocks. All objects outside the plan's blocks count as application. Blocks that the
 * plan released are garbage by then, or freed. If a collection leaves this open, the application is
 * taken to be unchanged. Values are bytes. One thread; allocates nothing.
 */
final class LiveHeap {
  /** Window of the live heap: the minimum left by collections counts, as each may leave garbage. */
  private static final long WINDOW_NANOS = 1_000_000_000;

  private static final int WINDOW = 64;

  /**
   * Decay of expected garbage: each collection that finds less lowers the expectation by this part.
   */
  private static final int FORGOTTEN_SHARE = 4;

  private final Collectors collectors;
  private final long[] least = new long[WINDOW];
  private final long[] most = new long[WINDOW];
  private final long[] times = new long[WINDOW];
  private int readings;

  private long wholes;
  private long youngs;
  private long olds;
  private long pauses;

  /** True if a collection of the whole heap has begun, as far as its pauses show. */
  private boolean running;

  /**
   * Bytes that the next finished collection certainly frees, since that collection began after
   * their release.
   */
  private long settled;

  /** Bytes that may stay garbage until the collection after the next: their release came later. */
  private long fresh;

  /** Live heap of the application after the last collection of the whole heap. */
  private long base;

  /** Garbage that young collections left and a collection of the whole heap found. */
  private long leftByYoung;

  /** True if any collection frees the released bytes, as G1 does with an array of whole regions. */
  private boolean freedByYoung;

  LiveHeap(Collectors collectors) {
    this.collectors = collectors;
    count();
  }

  private void count() {
    wholes = collectors.count(Kind.WHOLE);
    youngs = collectors.count(Kind.YOUNG);
    olds = collectors.count(Kind.OLD);
    pauses = collectors.count(Kind.PAUSES);
  }

  /**
   * Checks whether a collection has finished.
   *
   * @param occupied bytes used on the heap now
   * @param held bytes of the plan among the used bytes
   */
  void look(long occupied, long held) {
    long wholesBefore = wholes;
    long youngsBefore = youngs;
    long oldsBefore = olds;
    long pausesBefore = pauses;
    count();
    long lately = leastAtLast();
    long finished = wholes - wholesBefore + (freedByYoung ? youngs - youngsBefore : 0);
    if (finished > 0) {
      running = false;
      settled = 0;
      fresh = finished > 1 ? 0 : fresh; // the second began when the first had finished
      read(occupied - held);
      settle();
      learn(lately, wholes - wholesBefore);
    } else {
      readUnfinished(
          occupied - held, youngs != youngsBefore, olds != oldsBefore, pauses != pausesBefore);
    }
    if (olds != oldsBefore && collectors.haveUnseenBegin()) {
      settled = 0;
      settle();
    }
  }

  /** Reads the application's share of the heap while no whole collection has finished. */
  private void readUnfinished(long application, boolean young, boolean old, boolean paused) {
    if (young) {
      read(application);
    } else if (old) {
      readOld(application);
    } else {
      readLate(application);
      running |= paused;
      if (!running && !collectors.haveUnseenBegin()) {
        settle();
      }
    }
  }

  private void learn(long lately, long wholes) {
    if (wholes > 0 && !collectors.collectOldByAndBy()) {
      base = leastAtLast();
      leftByYoung = Math.max(lately - base, leftByYoung - leftByYoung / FORGOTTEN_SHARE);
    }
  }

  private void settle() {
    settled += fresh;
    fresh = 0;
  }

  /** Records the bytes that a collection has left beside the plan's blocks. */
  private void read(long left) {
    long before = readings == 0 ? 0 : least[last(1)];
    add(0, 0);
    narrow(Math.max(0, left), before);
  }

  /**
   * Records the bytes left with garbage of the young generation: an upper bound of the live heap.
   */
  private void readOld(long left) {
    if (readings == 0) {
      add(0, Math.max(0, left));
    } else {
      readLate(left);
    }
  }

  /** Records bytes freed after a collection was counted, as by ZGC on JDK 11. */
  private void readLate(long left) {
    if (readings > 0 && left < most[last(1)]) {
      narrow(Math.max(0, left), least[last(1)]);
    }
  }

  /** Sets the upper bound of the last reading. */
  private void narrow(long atMost, long before) {
    long garbage = garbage();
    long others = Math.max(0, Math.max(atMost - garbage, Math.min(before, atMost)));
    long freed = Math.max(0, garbage - (atMost - others));
    fresh -= Math.max(0, freed - settled);
    settled -= Math.min(settled, freed);
    least[last(1)] = others;
    most[last(1)] = atMost;
  }

  private void add(long others, long atMost) {
    int next = readings % WINDOW;
    least[next] = others;
    most[next] = atMost;
    times[next] = System.nanoTime();
    readings++;
  }

  /** Records released bytes of the plan. */
  void released(long bytes, boolean freedByYoung) {
    this.freedByYoung = freedByYoung;
    fresh += bytes;
  }

  /** Returns the released bytes that may not be freed yet. */
  long garbage() {
    return settled + fresh;
  }

  /** Returns whether a collection has finished so far. */
  boolean isKnown() {
    return readings > 0;
  }

  /** Returns the application's lower bound, by the collections of the last second. */
  long least() {
    return leastOf(least);
  }

  /**
   * Returns the application's lasting lower bound. If young collections leave garbage, the same
   * amount as last time is expected. An increase within the slack of a collection must show twice.
   */
  long steadily(long slack) {
    long lately = least();
    if (readings > 1) {
      long before = least[last(2)];
      lately = lately <= before + slack ? Math.min(lately, before) : lately;
    }
    return Math.max(Math.min(lately, base), lately - leftByYoung);
  }

  /** Returns the application's upper bound. */
  long most() {
    return leastOf(most);
  }

  /**
   * Returns the application's lower bound by the last collection alone, since the application may
   * have grown after earlier collections.
   */
  long leastAtLast() {
    return readings == 0 ? 0 : least[last(1)];
  }

  private long leastOf(long[] values) {
    if (readings == 0) {
      return 0;
    }
    long now = System.nanoTime();
    long result = values[last(1)];
    for (int ago = 2;
        ago <= Math.min(readings, WINDOW) && now - times[last(ago)] < WINDOW_NANOS;
        ago++) {
      result = Math.min(result, values[last(ago)]);
    }
    return result;
  }

  private int last(int ago) {
    return (readings - ago) % WINDOW;
  }

  /** Forgets all readings until the next collection, after the release of held blocks. */
  void forget() {
    readings = 0;
    base = 0;
    leftByYoung = 0;
    settled = 0;
    fresh = 0;
  }
}
