package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import org.junit.jupiter.api.Test;

/** Time at the target and largest deviation, with a simulated clock and area. */
class TargetTimeTest {
  private static final long MIB = 1L << 20;

  private final Clock clock = new Clock();
  private PlanState state;
  private TargetTime time;
  private long used;

  private final MemoryArea area =
      new MemoryArea() {
        @Override
        public Block allocate(ByteSize size) {
          throw new UnsupportedOperationException();
        }

        @Override
        public long capacity() {
          return 1000 * MIB;
        }

        @Override
        public long used() {
          return used;
        }

        @Override
        public String pagesUnavailable() {
          return null;
        }
      };

  private void plan(String arguments) throws Exception {
    HoldPlan plan = AgentArguments.parse(arguments);
    state = new PlanState(plan);
    Guard guard =
        new Guard(plan, area, new ProcessReadings(4096, AreaKind.HEAP), state, () -> false, clock);
    time = new TargetTime(plan, state, guard, clock);
    time.warmUp();
  }

  private void hold(long committed) {
    state.set(Reading.COMMITTED, committed);
    state.enter(Phase.HOLDING);
    time.update();
  }

  private void after(long millis) {
    clock.now += millis * 1_000_000;
    time.update();
  }

  private void assertTimes(long target, long onTarget, long total, long deviation) {
    assertThat(state.get(Reading.TARGET)).isEqualTo(target);
    assertThat(state.get(Reading.ON_TARGET_MILLIS)).isEqualTo(onTarget);
    assertThat(state.get(Reading.TARGET_MILLIS)).isEqualTo(total);
    assertThat(state.get(Reading.LARGEST_DEVIATION)).isEqualTo(deviation);
  }

  @Test
  void nothingIsKnownBeforeThePlanIsFull() throws Exception {
    plan("x=200,a=direct");
    after(500);
    assertTimes(-1, -1, -1, -1);
  }

  @Test
  void allTimeOfAFullPlanIsOnTargetUntilABlockIsReleasedForOthers() throws Exception {
    plan("x=200,a=direct");
    hold(200 * MIB);
    after(2000);
    assertTimes(200 * MIB, 2000, 2000, 0);
    state.set(Reading.COMMITTED, 198 * MIB);
    after(50);
    after(950);
    assertTimes(200 * MIB, 3000, 3000, 2 * MIB);
    state.set(Reading.COMMITTED, 190 * MIB);
    after(0);
    after(1000);
    state.set(Reading.COMMITTED, 200 * MIB);
    after(0);
    after(500);
    assertTimes(200 * MIB, 3500, 4500, 10 * MIB);
  }

  @Test
  void aPauseCountsAndAReleaseDoesNot() throws Exception {
    plan("x=200,a=direct");
    hold(200 * MIB);
    state.pause();
    after(1000);
    state.resume();
    state.release(null);
    state.set(Reading.COMMITTED, 0);
    after(10);
    state.enter(Phase.RELEASED);
    after(5000);
    assertTimes(200 * MIB, 1010, 1010, 0);
  }

  @Test
  void theReleaseOfAllBlocksDoesNotCount() throws Exception {
    plan("x=200,a=direct,then=release,hold=1s");
    hold(200 * MIB);
    after(900);
    clock.now += 100 * 1_000_000;
    state.release("the hold time is over");
    time.end();
    state.set(Reading.COMMITTED, 0);
    after(700);
    state.enter(Phase.RELEASED);
    after(700);
    assertTimes(200 * MIB, 1000, 1000, 0);
  }

  @Test
  void aRampDownDoesNotCount() throws Exception {
    plan("x=200,a=direct,then=ramp-down,hold=1s");
    hold(200 * MIB);
    after(1000);
    state.enter(Phase.RAMPING_DOWN);
    after(0);
    state.set(Reading.COMMITTED, 100 * MIB);
    after(700);
    assertTimes(200 * MIB, 1000, 1000, 0);
  }

  @Test
  void theRefillOfACycleDoesNotCount() throws Exception {
    plan("x=200,a=direct,then=cycle,hold=1s");
    hold(200 * MIB);
    after(1000);
    state.set(Reading.COMMITTED, 0);
    state.enter(Phase.ALLOCATING);
    after(0);
    after(700);
    hold(200 * MIB);
    after(300);
    assertTimes(200 * MIB, 1300, 1300, 0);
  }

  @Test
  void aRefillBecauseOfOtherUsageCounts() throws Exception {
    plan("x=200,a=direct,keep-free=10%");
    hold(200 * MIB);
    state.set(Reading.COMMITTED, 150 * MIB);
    state.enter(Phase.GUARDED);
    after(0);
    after(1000);
    state.enter(Phase.ALLOCATING);
    after(1000);
    assertTimes(200 * MIB, 0, 2000, 50 * MIB);
  }

  @Test
  void aTargetUtilisationIsComparedWithTheUsageOfAll() throws Exception {
    plan("until=50%,a=direct");
    used = 497 * MIB;
    hold(100 * MIB);
    after(1000);
    assertTimes(500 * MIB, 1000, 1000, 3 * MIB);
    used = 520 * MIB;
    after(0);
    after(250);
    assertTimes(500 * MIB, 1000, 1250, 20 * MIB);
  }
}
