package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.Reading;
import io.allocmem.pages.PageLibrary;
import io.allocmem.pages.Pages;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Controller of a target by effect, against a simulated collector and a simulated clock. */
class EffectGoalTest {
  private static final long MIB = 1 << 20;
  private static final long CAPACITY = 512 * MIB;

  /** Page cache of a service, for targets of memory pressure. */
  private static final long CACHE = 150 * MIB;

  private static final long STEP_MILLIS = 50;
  private static final long NANOS_OF_MILLI = 1_000_000;

  @TempDir private Path directory;

  /** Heap whose collections cost more, the less is free. */
  private final class Heap {
    private final PlanState state;
    private final EffectGoal goal;
    private final boolean pressure;
    private final Random random = new Random(7);
    private final double[] gcOfSteps = new double[200];
    private double live = 60 * MIB;

    /** Usage that others leave to the plan. */
    private double most = 0.95 * CAPACITY;

    private double cost;
    private double noise;
    private double gc;
    private double cpu;
    private double collections;
    private long steps;

    /**
     * CPU time of the first collection after a change of blocks; 0 if no collection moves blocks.
     */
    private double moveMillis;

    private long wholeCollections;
    private long blocksBefore;

    Heap(String options, double cost, double noise) throws Exception {
      this.cost = cost;
      this.noise = noise;
      HoldPlan plan = AgentArguments.parse(options);
      pressure = plan.followsPressure();
      ProcessReadings process = new ProcessReadings(MemoryArea.PAGE_SIZE, AreaKind.HEAP);
      Pages pages = PageLibrary.find(directory.resolve("agent.jar"), directory);
      MemoryArea area = MemoryArea.of(plan, pages, object -> 0);
      state = new PlanState(plan);
      Usage usage =
          new Usage(plan, area, process, state) {
            @Override
            long capacity() {
              return CAPACITY;
            }

            @Override
            long steady() {
              return used();
            }

            @Override
            long atMost() {
              return used();
            }

            @Override
            long takenBy(long block) {
              return block;
            }

            @Override
            long empty() {
              return CAPACITY - CACHE - used();
            }
          };
      goal =
          new EffectGoal(plan, usage, process.heap(), state) {
            @Override
            long allWholeCollections() {
              return wholeCollections;
            }
          };
    }

    private long used() {
      return (long) live + state.get(Reading.BLOCKS) * MIB;
    }

    /** Runs for a time; returns the mean share of this time, in percent. */
    double run(int seconds) {
      return runTicks(seconds * 1000L / STEP_MILLIS);
    }

    double runTicks(long ticks) {
      double gcBefore = gc;
      double cpuBefore = cpu;
      for (long end = steps + ticks; steps < end; steps++) {
        step();
      }
      return 100 * (gc - gcBefore) / (cpu - cpuBefore);
    }

    private void step() {
      double free = Math.max(MIB, CAPACITY - used());
      double share = pressure ? ofReclaim() : ofCollections(free);
      cpu += STEP_MILLIS;
      gc += share * STEP_MILLIS;
      collections += 100 * MIB / free / 5;
      if (moveMillis > 0 && (long) collections > wholeCollections) {
        collectWhole();
      }
      gcOfSteps[(int) (steps % gcOfSteps.length)] = share;
      double sum = 0;
      for (double one : gcOfSteps) {
        sum += one;
      }
      long known = Math.min(steps + 1, gcOfSteps.length);
      state.set(Reading.GC_OF_PROCESS_10S, (long) (1000 * sum / known));
      state.set(Reading.PRESSURE_10S, state.get(Reading.GC_OF_PROCESS_10S));
      state.set(Reading.COLLECTIONS, pressure ? 0 : (long) collections);
      goal.update(Long.MAX_VALUE / 3 + steps * STEP_MILLIS * NANOS_OF_MILLI, (long) gc, (long) cpu);
      while (goal.wantsMore() && used() + MIB <= most) {
        state.add(Reading.BLOCKS, 1);
      }
      if (goal.wantsMore()) {
        goal.refused();
      }
      while (goal.wantsLess() || used() > most) {
        state.add(Reading.BLOCKS, -1);
      }
    }

    private double ofCollections(double free) {
      double odds = cost * MIB / free * (1 + noise * random.nextGaussian());
      return Math.max(0, odds / (1 + odds));
    }

    /** Below the cache, each missing MiB costs some points. */
    private double ofReclaim() {
      double missing = (double) (used() + CACHE - CAPACITY) / MIB;
      double share = cost / 100 * missing * (1 + noise * random.nextGaussian());
      return Math.max(0, Math.min(1, share));
    }

    private void collectWhole() {
      wholeCollections = (long) collections;
      if (state.get(Reading.BLOCKS) != blocksBefore) {
        blocksBefore = state.get(Reading.BLOCKS);
        cpu += moveMillis;
        gc += moveMillis;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 0", "20, 0.3", "40, 0.3", "80, 0.3", "40, 1"})
  void settlesAndStaysForAnyCostOfACollection(double cost, double noise) throws Exception {
    Heap heap = new Heap("until=gc:25%", cost, noise);
    heap.run(60);
    assertThat(heap.goal.isOnTarget()).as("after a minute: %s", heap.state).isTrue();
    assertThat(heap.run(300)).isBetween(23.0, 27.0);
    assertThat(heap.goal.isSettled()).isTrue();
  }

  /** What a change costs once is no reason for the next change: blocks would swing. */
  @Test
  void staysWhereEachChangeOfBlocksCostsALongCollection() throws Exception {
    Heap heap = new Heap("until=gc:25%", 20, 0.2);
    heap.moveMillis = 1500;
    heap.run(60);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int second = 0; second < 300; second++) {
      heap.run(1);
      least = Math.min(least, heap.state.get(Reading.BLOCKS));
      most = Math.max(most, heap.state.get(Reading.BLOCKS));
    }
    assertThat(most - least).as("blocks that come and go").isLessThan(most / 20);
  }

  /** A block that others need costs a long collection as well. */
  @Test
  void staysWhereOthersTakeABlockNowAndThen() throws Exception {
    Heap heap = new Heap("until=gc:25%", 80, 0);
    heap.moveMillis = 1500;
    heap.run(60);
    for (int second = 0; second < 120; second++) {
      if (second % 30 == 0) {
        heap.most = heap.used() - MIB;
      }
      heap.run(1);
      assertThat(heap.used()).isBetween((long) heap.most - 3 * MIB, (long) heap.most);
    }
  }

  /** Others that take a block twice a second leave no time for a measurement. */
  @Test
  void givesBackWhileOthersTakeBlocksAllTheTime() throws Exception {
    Heap heap = new Heap("until=gc:25%", 4, 0);
    heap.run(60);
    assertThat(heap.used()).as("at the floor").isGreaterThan(CAPACITY * 94 / 100);
    heap.cost = 80;
    double worst = heap.run(1);
    for (int half = 0; half < 120; half++) {
      heap.live += MIB;
      heap.runTicks(10);
    }
    assertThat(heap.runTicks(10)).isLessThan(45).isLessThan(worst - 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"until=gc:1%", "until=gc:2%", "until=gc:80%", "until=gc:90%"})
  void findsSmallAndLargeTargets(String options) throws Exception {
    Heap heap = new Heap(options, options.endsWith("0%") ? 200 : 2, 0);
    heap.run(120);
    double aim = Double.parseDouble(options.replaceAll("[^0-9]", ""));
    assertThat(heap.run(60)).isBetween(aim - Math.min(2, aim / 2), aim + Math.min(2, aim / 2));
    assertThat(heap.goal.isSettled()).isTrue();
    assertThat(heap.state.get(Reading.BLOCKS)).isPositive();
  }

  /** Pressure begins where the page cache has to give way, and no collection shows the time. */
  @ParameterizedTest
  @CsvSource({"1, 0.1", "1, 0.5", "3, 0.5"})
  void findsMemoryPressureSoonAndKeepsIt(double pointsPerMib, double noise) throws Exception {
    Heap heap = new Heap("until=psi:20%,a=native", pointsPerMib, noise);
    heap.run(15);
    assertThat(heap.used()).as("near the cache").isGreaterThan(CAPACITY - CACHE - 2 * MIB);
    heap.run(45);
    assertThat(heap.run(60)).isBetween(17.0, 23.0);
    assertThat(heap.goal.isSettled()).isTrue();
  }

  @Test
  void endsAStepInWhichMemoryGetsShort() throws Exception {
    Heap heap = new Heap("until=psi:20%,a=native", 1, 0);
    heap.state.set(Reading.PRESSURE_10S, 0);
    heap.goal.update(0, 0, 0);
    heap.goal.update(1_100 * NANOS_OF_MILLI, 0, 1_100);
    assertThat(heap.goal.wantsMore()).as("far below the target").isTrue();
    heap.state.set(Reading.PRESSURE_1S, 450);
    heap.goal.update(1_150 * NANOS_OF_MILLI, 0, 1_150);
    assertThat(heap.goal.wantsMore()).as("not far above").isTrue();
    heap.state.set(Reading.PRESSURE_1S, 460);
    heap.goal.update(1_200 * NANOS_OF_MILLI, 0, 1_200);
    assertThat(heap.goal.wantsMore()).isFalse();
  }

  /** The agent's own 10 ms of CPU time a second say nothing about a load. */
  @Test
  void takesNothingFromAnIdleService() throws Exception {
    Heap heap = new Heap("until=gc:25%", 20, 0);
    heap.state.set(Reading.GC_OF_PROCESS_10S, Reading.UNKNOWN);
    for (long tick = 0; tick < 120 * 1000 / STEP_MILLIS; tick++) {
      heap.goal.update(tick * STEP_MILLIS * NANOS_OF_MILLI, 0, tick * STEP_MILLIS / 110);
      assertThat(heap.goal.wantsMore()).isFalse();
    }
  }

  @Test
  void followsALoadThatRisesAndFalls() throws Exception {
    Heap heap = new Heap("until=gc:25%", 20, 0.2);
    heap.run(60);
    long before = heap.state.get(Reading.BLOCKS);
    heap.cost = 60;
    heap.run(60);
    assertThat(heap.run(60)).isBetween(22.0, 28.0);
    assertThat(heap.state.get(Reading.BLOCKS)).isLessThan(before);
    heap.cost = 20;
    heap.run(60);
    assertThat(heap.run(60)).isBetween(22.0, 28.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 300})
  void givesBackInTimeWhenTheApplicationGrows(double moveMillis) throws Exception {
    Heap heap = new Heap("until=gc:25%", 20, 0);
    heap.moveMillis = moveMillis;
    heap.run(60);
    heap.live += 50 * MIB; // nearly all that was free
    heap.run(5);
    assertThat(heap.run(2)).isLessThan(60);
    heap.run(30);
    assertThat(heap.run(20)).isBetween(22.0, 28.0);
  }

  @Test
  void holdsNoBlockIfTheApplicationAloneCostsMore() throws Exception {
    Heap heap = new Heap("until=gc:5%", 60, 0.2);
    heap.run(120);
    assertThat(heap.state.get(Reading.BLOCKS)).isLessThanOrEqualTo(1);
    assertThat(heap.goal.isSettled()).isFalse();
  }

  @Test
  void keepsTheFloorWhereTheTargetCannotBeReached() throws Exception {
    Heap heap = new Heap("until=gc:60%", 1, 0);
    heap.run(120);
    assertThat(heap.used()).isBetween(CAPACITY * 94 / 100, CAPACITY * 96 / 100);
    assertThat(heap.goal.isSettled()).isFalse();
  }

  @Test
  void decidesNothingWithoutFigures() throws Exception {
    Heap heap = new Heap("until=gc:25%", 20, 0);
    for (int i = 0; i < 1000; i++) {
      heap.goal.update(i * 1000 * NANOS_OF_MILLI, Reading.UNKNOWN, Reading.UNKNOWN);
      heap.goal.update(i * 1000 * NANOS_OF_MILLI, 0, 0); // an idle process has no share
    }
    assertThat(heap.goal.wantsMore()).isFalse();
  }
}
