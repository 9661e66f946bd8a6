package io.allocmem.readings;

/**
 * Heap used, in bytes, garbage included: the difference of two figures from separate calls. The
 * heap may grow or shrink between the calls. The calls are repeated until the heap size is the same
 * before and after. Allocates nothing; any thread.
 */
final class HeapUsed {
  private static final int MOST_ATTEMPTS = 5;
  private static final Heap OURS =
      new Heap() {
        @Override
        public long totalMemory() {
          return Runtime.getRuntime().totalMemory();
        }

        @Override
        public long freeMemory() {
          return Runtime.getRuntime().freeMemory();
        }
      };

  private HeapUsed() {}

  /** Pair of figures, as reported by {@link Runtime}. */
  interface Heap {
    long totalMemory();

    long freeMemory();
  }

  static long now() {
    return of(OURS);
  }

  static long of(Heap heap) {
    long total = heap.totalMemory();
    long used = total - heap.freeMemory();
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      long before = total;
      total = heap.totalMemory();
      if (total == before) {
        break;
      }
      used = total - heap.freeMemory();
    }
    return Math.max(0, used);
  }
}
