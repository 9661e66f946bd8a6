package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.pages.PageLibrary;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;
import java.nio.file.Path;

/** Blocks of a plan without the plan's thread, with real pages and a simulated clock. */
final class HeldBlocksHarness implements AutoCloseable {
  final PlanState state;
  final HeldBlocks held;
  final Caveat caveat;
  private final ControlFile file;

  HeldBlocksHarness(String arguments, Path directory, Clock clock) throws Exception {
    HoldPlan plan = AgentArguments.parse(arguments);
    MemoryArea area =
        MemoryArea.of(plan, PageLibrary.find(directory.resolve("agent.jar"), directory), o -> 0);
    file = ControlFile.create(plan.name(), arguments, "test", new ChannelLock());
    ProcessReadings process = new ProcessReadings(MemoryArea.PAGE_SIZE, AreaKind.HEAP);
    state = new PlanState(plan);
    state.enter(Phase.HOLDING);
    Exports exports = new Exports(plan, file);
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
    Residency residency = new Residency(plan, area, state, control, process, clock);
    caveat = new Caveat(plan, area);
    held = new HeldBlocks(plan, area, process, state, residency, exports, caveat.fillEnforced);
  }

  void take(int blocks) {
    for (int i = 0; i < blocks; i++) {
      assertThat(held.allocate()).isNull();
      while (held.isToTouch()) {
        held.touchSlice();
      }
      held.keepNewest();
    }
  }

  long resident() {
    return state.get(Reading.RESIDENT);
  }

  @Override
  public void close() throws IOException {
    held.release();
    file.close();
  }
}
