package io.allocmem.readings;

import io.allocmem.readings.Collectors.Kind;

/**
 * What the others of a plan have live on the heap, as finished collections leave it: the heap's use
 * then without what the plan holds, at most. What the plan gave back is garbage by then, or gone:
 * where a collection leaves that open, the others are taken to be as they were. Bytes. One thread;
 * allocates nothing.
 */
final class LiveHeap {
  /** Live is the least of what collections left within this time, as each may leave garbage. */
  private static final long WINDOW_NANOS = 1_000_000_000;

  private static final int WINDOW = 64;

  /** Such a part of what was once found is expected no more after each time that less is found. */
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

  /** Whether a collection of all of the heap has begun, as far as its pauses tell. */
  private boolean running;

  /** What went back before the collection began that finishes next: it is gone then. */
  private long settled;

  /** What went back since: it may be garbage until the collection after that one. */
  private long fresh;

  /** What the others had after the last collection of all of the heap. */
  private long base;

  /** Garbage that such ones found among what younger collections had left. */
  private long leftByYoung;

  /** Whether any collection frees what went back: G1 does with an array of whole regions. */
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
   * Looks whether a collection has finished.
   *
   * @param occupied by all, now
   * @param held by the plan, of that
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
    } else if (youngs != youngsBefore) {
      read(occupied - held);
    } else if (olds != oldsBefore) {
      readOld(occupied - held);
    } else {
      readLate(occupied - held);
      running |= pauses != pausesBefore;
      if (!running && !collectors.haveUnseenBegin()) {
        settle();
      }
    }
    if (olds != oldsBefore && collectors.haveUnseenBegin()) {
      settled = 0;
      settle();
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

  /** A collection has left so much beside what the plan holds. */
  private void read(long left) {
    long before = readings == 0 ? 0 : least[last(1)];
    add(0, 0);
    narrow(Math.max(0, left), before);
  }

  /** The same, with garbage of the young generation: no more is live than that. */
  private void readOld(long left) {
    if (readings == 0) {
      add(0, Math.max(0, left));
    } else {
      readLate(left);
    }
  }

  /** What a collection frees after it was counted, as ZGC does on JDK 11. */
  private void readLate(long left) {
    if (readings > 0 && left < most[last(1)]) {
      narrow(Math.max(0, left), least[last(1)]);
    }
  }

  /** The last reading is that the others have so much at most. */
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

  /** So many bytes of the plan's went back. */
  void gaveBack(long bytes, boolean freedByYoung) {
    this.freedByYoung = freedByYoung;
    fresh += bytes;
  }

  /** What went back and may not be gone yet. */
  long garbage() {
    return settled + fresh;
  }

  /** Whether a collection has finished so far. */
  boolean isKnown() {
    return readings > 0;
  }

  /** What the others have at least, by the collections of the last second. */
  long least() {
    return leastOf(least);
  }

  /**
   * What they surely have, for long: so much garbage as last time is expected where young
   * collections leave it, and what may be a collection's own slack must show twice.
   */
  long steadily(long slack) {
    long lately = least();
    if (readings > 1) {
      long before = least[last(2)];
      lately = lately <= before + slack ? Math.min(lately, before) : lately;
    }
    return Math.max(Math.min(lately, base), lately - leftByYoung);
  }

  /** What they have at most. */
  long most() {
    return leastOf(most);
  }

  /** What they have at least by the last collection alone: others may have grown since earlier. */
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

  /** Nothing is known again until the next collection: what was held has gone. */
  void forget() {
    readings = 0;
    base = 0;
    leftByYoung = 0;
    settled = 0;
    fresh = 0;
  }
}
