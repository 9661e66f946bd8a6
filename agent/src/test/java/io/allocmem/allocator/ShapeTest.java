package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Patterns of a plan at its limit. */
class ShapeTest extends AllocatorHarness {
  @Test
  void aPlanCanReleaseWhenItIsFull() throws Exception {
    Run run = new Run("x=3,e=100,then=release,hold=1s,n=then-release", new FakeArea(99));
    run.allocator.run();
    assertThat(allocatedAtMs).containsExactly(0L, 100L, 200L);
    assertThat(released).isEqualTo(3);
    assertThat(clock.now / MS).isBetween(1200L, 1300L);
  }

  @Test
  void aSawToothFillsHoldsReleasesAndFillsAgain() throws Exception {
    runUntil(2900, "x=2,e=100,then=cycle,hold=1s,n=then-cycle");
    assertThat(allocatedAtMs).containsExactly(0L, 100L, 1100L, 1200L, 2200L, 2300L);
    assertThat(released).isEqualTo(6);
  }

  @Test
  void aRotatingPlanTakesABlockForEachThatItGivesBack() throws Exception {
    FakeArea area = new FakeArea(99);
    Run run = new Run("x=2,e=100,then=rotate,n=then-rotate", area);
    clock.events.put(450 * MS, () -> assertThat(released).isEqualTo(3));
    clock.events.put(550 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs.subList(0, 5)).containsExactly(0L, 100L, 200L, 300L, 400L);
    assertThat(released).isEqualTo(allocatedAtMs.size());
  }

  @Test
  void aRampDownGivesBlockAfterBlockBackAtTheSamePace() throws Exception {
    Run run = new Run("x=3,e=100,then=ramp-down,hold=500ms,n=then-ramp", new FakeArea(99));
    clock.events.put(750 * MS, () -> assertThat(released).isEqualTo(1));
    clock.events.put(850 * MS, () -> assertThat(released).isEqualTo(2));
    run.allocator.run();
    assertThat(released).isEqualTo(3);
    assertThat(clock.now / MS).isBetween(900L, 1000L);
  }

  @Test
  void aPauseStopsTheHoldAndTheRampDown() throws Exception {
    Run run = new Run("x=3,e=100,then=ramp-down,hold=500ms,n=then-paused", new FakeArea(99));
    clock.events.put(400 * MS, () -> run.send(1));
    clock.events.put(5400 * MS, () -> assertThat(released).isZero());
    clock.events.put(5400 * MS + 1, () -> run.send(2));
    run.allocator.run();
    assertThat(released).isEqualTo(3);
    assertThat(clock.now / MS).isBetween(5900L, 6100L);
  }
}
