package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.allocmem.area.AreaExhausted;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.pages.PageLibrary;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.KernelLimits;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The actions of a plan that holds its blocks allocate no byte in this thread, by the JVM's count.
 */
class NoAllocationTest {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  @TempDir private Path directory;
  private final Clock clock = new Clock();
  private boolean decided;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m=1,x=1",
        "m=16k,x=16k",
        "m=1,until=gc:25%",
        "m=1,until=pause:10%",
        "a=native,m=1,until=psi:20%"
      })
  void pollingPublishingSpeakingAndKeepingTheFillRatioAllocateNothing(String block)
      throws Exception {
    Assumptions.assumeTrue(!block.contains("psi") || isPressureKnown(), "a kernel without PSI");
    HoldPlan plan = AgentArguments.parse(block + ",f=0.5,n=none,l,p=1,log=target/none.log");
    PlanState state = new PlanState(plan);
    state.enter(Phase.HOLDING);
    try (ControlFile file =
            ControlFile.create("none", AgentArguments.print(plan), "test", new ChannelLock());
        ProcessReadings process = new ProcessReadings(4096, AreaKind.HEAP)) {
      Exports exports = new Exports(plan, file);
      PlanLog log = exports.log;
      MemoryArea area =
          MemoryArea.of(plan, PageLibrary.find(directory.resolve("agent.jar"), directory), o -> 0);
      Guard guard = new Guard(plan, area, process, state, () -> false, clock);
      TargetTime time = new TargetTime(plan, state, guard, clock);
      CommandPoll control =
          new CommandPoll(
              plan,
              file,
              state,
              process,
              time,
              new EffectPoll(plan, state, process, guard.goal()),
              exports,
              clock);
      control.open();
      log.open();
      log.warmUp(state, process, file);
      Residency residency = new Residency(plan, area, state, control, process, clock);
      HeldBlocks held = new HeldBlocks(plan, area, process, state, residency, exports, true);
      assertThat(held.allocate()).isNull();
      held.touchSlice();
      held.keepNewest();
      assertThat(
              allocatedBy(
                  () -> {
                    control.park(20_000_000);
                    control.enter(Phase.EXHAUSTED);
                    log.warmUp(state, process, file);
                    log.guarded(state);
                    log.cycled(1);
                    held.get(0).touch(0, plan.blockSize().bytes());
                    held.checkFillRatio();
                    held.get(0).drop(0, plan.blockSize().bytes());
                    held.keepFillRatio();
                    decide(guard, state);
                  }))
          .isZero();
      assertThat(decided).isEqualTo(guard.goal() != null);
      log.close();
    }
  }

  private static boolean isPressureKnown() {
    try {
      return !Files.readAllLines(Paths.get("/proc/pressure/memory")).isEmpty();
    } catch (IOException withoutPressure) {
      return false;
    }
  }

  /** Decides once: a measurement of 11 s, whose share is far below the target. */
  private void decide(Guard guard, PlanState state) {
    EffectGoal goal = guard.goal();
    if (goal != null) {
      long since = clock.nanoTime();
      long blocks = state.get(Reading.BLOCKS);
      state.set(Reading.BLOCKS, 0); // as the goal wants before its first decision
      goal.refused();
      goal.update(since, Reading.UNKNOWN, Reading.UNKNOWN); // forgets what the poll has measured
      goal.update(since, 0, 0);
      goal.update(since + 1, 0, 0); // the block has come since the last look
      goal.update(since + 11_000_000_000L, 300, 11_000);
      decided |= goal.wantsMore();
      guard.explainEffect(state.message.clear());
      goal.isSettled();
      state.set(Reading.BLOCKS, blocks);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"huge", "locked"})
  void takingCountingAndReleasingSpecialPagesAllocatesNothingButBlocks(String pages)
      throws Exception {
    HoldPlan plan = AgentArguments.parse("x=0,m=2,f=0.5,n=special,a=native,pages=" + pages);
    HoldPlan sized = plan.on(pages.equals("huge") ? 2 << 20 : 4096);
    PlanState state = new PlanState(sized);
    try (ControlFile file =
            ControlFile.create("special", AgentArguments.print(plan), "test", new ChannelLock());
        ProcessReadings process = new ProcessReadings(4096, AreaKind.NATIVE)) {
      Exports exports = new Exports(sized, file);
      MemoryArea area =
          MemoryArea.of(sized, PageLibrary.find(directory.resolve("agent.jar"), directory), o -> 0);
      Guard guard = new Guard(sized, area, process, state, () -> false, clock);
      TargetTime time = new TargetTime(sized, state, guard, clock);
      CommandPoll control =
          new CommandPoll(
              sized,
              file,
              state,
              process,
              time,
              new EffectPoll(sized, state, process, guard.goal()),
              exports,
              clock);
      control.open();
      Residency residency = new Residency(sized, area, state, control, process, clock);
      HeldBlocks held = new HeldBlocks(sized, area, process, state, residency, exports, true);
      long first = allocatedBy(() -> takeAndRelease(held, control));
      long blocks = allocatedBy(() -> blockObjects(area, sized));
      assertThat(first).isLessThanOrEqualTo(blocks);
      assertThat(state.get(Reading.HUGE)).isEqualTo(pages.equals("huge") ? 0 : Reading.UNKNOWN);
    }
  }

  private static void takeAndRelease(HeldBlocks held, CommandPoll control) {
    held.allocate();
    held.touchSlice();
    held.keepNewest();
    control.enter(Phase.HOLDING);
    held.checkFillRatio();
    held.settleFillRatio();
    held.settleHuge();
    held.releaseNewest();
    held.release();
  }

  private static void blockObjects(MemoryArea area, HoldPlan plan) {
    try {
      area.allocate(plan.blockSize()).release();
    } catch (AreaExhausted refused) {
      throw new AssertionError(refused);
    }
  }

  /**
   * Returns the smallest of several measurements: the JVM itself may allocate once in any thread.
   */
  private long allocatedBy(Runnable work) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < 100; i++) {
        work.run();
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }
    return least;
  }

  /** Areas outside the heap; metaspace is left out, since each block allocates objects. */
  @Test
  void lookingAtAllLimitsAllocatesNothing() throws Exception {
    for (String area : new String[] {"native", "direct", "mapped", "stack"}) {
      for (String end : new String[] {"x=1,keep-free=10%", "until=90%"}) {
        HoldPlan plan = AgentArguments.parse(end + ",a=" + area);
        try (ProcessReadings process = new ProcessReadings(4096, AreaKind.HEAP)) {
          MemoryArea memory =
              MemoryArea.of(
                  plan, PageLibrary.find(directory.resolve("agent.jar"), directory), o -> 0);
          Guard guard = new Guard(plan, memory, process, new PlanState(plan), () -> true, clock);
          PlanState full = new PlanState(plan);
          full.enter(Phase.HOLDING);
          TargetTime time = new TargetTime(plan, full, guard, clock);
          KernelLimits limits = process.limits(plan.area());
          AsciiLine line = new AsciiLine(1000);
          assertThat(
                  allocatedBy(
                      () -> {
                        guard.isReached();
                        guard.hasRoom();
                        guard.isTooMuch();
                        time.update();
                        guard.warmUp(line.clear());
                        limits.refusal(4096);
                      }))
              .as(area + " " + end)
              .isZero();
        }
      }
    }
  }
}
