package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlFile;
import io.allocmem.pages.PageLibrary;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders for a worker allocate no byte, neither in the worker nor in the plan's thread. */
class ThreadsNoAllocationTest {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Clock clock = new Clock();
  @TempDir private Path directory;

  @Test
  void ordersAllocateNothing() throws Exception {
    HoldPlan plan = AgentArguments.parse("m=1,x=1,a=native,t=2,n=none-t,log=off,jmx=off");
    PlanState state = new PlanState(plan);
    try (ControlFile file =
            ControlFile.create("none-t", AgentArguments.print(plan), "test", new ChannelLock());
        ProcessReadings process = new ProcessReadings(4096, AreaKind.HEAP)) {
      Exports exports = new Exports(plan, file);
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
      Residency residency = new Residency(plan, area, state, control, process, clock);
      HeldBlocks held = new HeldBlocks(plan, area, process, state, residency, exports, true);
      Block block = area.allocate(plan.blockSize());
      OrderedBlocks ordered = new OrderedBlocks(plan, new OneBlock(block), state, held, exports);
      ordered.start();
      assertThat(allocatedBy(() -> takeBlock(ordered, held), worker("none-t"))).isZero();
      ordered.end();
      while (!ordered.releaseRest()) {
        Thread.sleep(1);
      }
    }
  }

  private static void takeBlock(OrderedBlocks ordered, HeldBlocks held) {
    if (!ordered.order(true)) {
      throw new AssertionError("the worker is idle");
    }
    while (ordered.isBusy()) {
      ordered.watch();
      ordered.collect();
      ordered.ignore();
    }
    held.releaseOldest();
  }

  private static long worker(String plan) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("allocmem-" + plan + "/2"))
        .findAny()
        .orElseThrow()
        .getId();
  }

  /** Returns the bytes of both threads: the smallest of several measurements. */
  private long allocatedBy(Runnable work, long worker) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = allocated(worker);
      for (int i = 0; i < 100; i++) {
        work.run();
      }
      least = Math.min(least, allocated(worker) - before);
    }
    return least;
  }

  private long allocated(long worker) {
    return threads.getThreadAllocatedBytes(worker)
        + threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** Area that gives the same block again and again: an object of a block would be allocated. */
  private static final class OneBlock implements MemoryArea {
    private final Block block;

    OneBlock(Block block) {
      this.block = new Kept(block);
    }

    @Override
    public Block allocate(ByteSize size) {
      return block;
    }

    @Override
    public String pagesUnavailable() {
      return null;
    }
  }

  /** Block that stays allocated after its release. */
  private static final class Kept implements Block {
    private final Block block;

    Kept(Block block) {
      this.block = block;
    }

    @Override
    public long committed() {
      return block.committed();
    }

    @Override
    public void touch(long from, long to) {
      block.touch(from, to);
    }

    @Override
    public void drop(long from, long to) {
      block.drop(from, to);
    }

    @Override
    public long resident(long from, long to) {
      return block.resident(from, to);
    }

    @Override
    public void release() {}
  }
}
