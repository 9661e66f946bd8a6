package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Heap whose size changes between two calls. */
class HeapUsedTest {
  private static final class Scripted implements HeapUsed.Heap {
    private final long[] totals;
    private final long[] frees;
    private int total;
    private int free;

    Scripted(long[] totals, long[] frees) {
      this.totals = totals;
      this.frees = frees;
    }

    @Override
    public long totalMemory() {
      return totals[Math.min(total++, totals.length - 1)];
    }

    @Override
    public long freeMemory() {
      return frees[Math.min(free++, frees.length - 1)];
    }
  }

  @Test
  void isTheDifferenceOfTwoFiguresOfOneSize() {
    long[] grew = {100, 900};
    assertThat(HeapUsed.of(new Scripted(grew, new long[] {850, 840}))).isEqualTo(60);
    long[] shrank = {900, 100};
    assertThat(HeapUsed.of(new Scripted(shrank, new long[] {40, 40}))).isEqualTo(60);
    assertThat(HeapUsed.of(new Scripted(new long[] {100}, new long[] {40}))).isEqualTo(60);
  }

  @Test
  void isNeverNegativeHoweverTheHeapMoves() {
    long[] moving = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertThat(HeapUsed.of(new Scripted(moving, new long[] {100}))).isZero();
  }
}
