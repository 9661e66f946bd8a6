package io.allocmem.allocator;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlFile;
import io.allocmem.pages.PageLibrary;
import io.allocmem.pages.Pages;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loop of a plan with a simulated clock and a simulated area: no test sleeps, and all times are
 * exact.
 */
abstract class AllocatorHarness {
  static final long MS = 1_000_000;

  /** Clock that runs events at their time while the plan waits. */
  static final class EventClock extends Clock {
    final Map<Long, Runnable> events = new TreeMap<>();

    @Override
    public void park(long nanos) {
      super.park(nanos);
      for (Long due : List.copyOf(events.keySet())) {
        if (due <= now) {
          events.remove(due).run();
        }
      }
    }
  }

  private static final HoldPlan NATIVE = plan("x=1,a=native");

  final EventClock clock = new EventClock();
  final List<Long> allocatedAtMs = new ArrayList<>();
  final List<String> touched = new ArrayList<>();
  final List<String> dropped = new ArrayList<>();

  @TempDir Path directory;
  int released;
  long slowThirdBlock;
  Runnable whenTouched = () -> {};

  private static HoldPlan plan(String arguments) {
    try {
      return AgentArguments.parse(arguments);
    } catch (InvalidArguments e) {
      throw new AssertionError(e);
    }
  }

  void runUntil(long releaseAtMs, String arguments) throws Exception {
    Run run = new Run(arguments, new FakeArea(Integer.MAX_VALUE));
    clock.events.put(releaseAtMs * MS, () -> run.send(3));
    run.allocator.run();
  }

  /** Waits for the end of the thread of a plan. */
  static void join(String name) throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("allocmem-" + name)) {
        thread.join();
      }
    }
  }

  /** Plan with a control file; the test writes commands into the file as a launcher would. */
  final class Run {
    final Allocator allocator;
    private final CommandWriter commands;

    Run(String arguments, MemoryArea area) throws IOException {
      HoldPlan plan = plan(arguments);
      ControlFile control = ControlFile.create(plan.name(), arguments, "test", new ChannelLock());
      commands = new CommandWriter(plan.name());
      ProcessReadings process = new ProcessReadings(4096, AreaKind.HEAP);
      allocator = new Allocator(plan, area, control, process, () -> false, () -> {}, clock);
    }

    void send(int command) {
      commands.send(command);
    }

    void renew() {
      commands.renew();
    }
  }

  final class FakeArea implements MemoryArea {
    int room;
    long others;

    FakeArea(int room) {
      this.room = room;
    }

    @Override
    public Block allocate(ByteSize size) throws AreaExhausted {
      if (allocatedAtMs.size() == room) {
        refuse();
      }
      allocatedAtMs.add(clock.now / MS);
      clock.now += allocatedAtMs.size() == 3 ? slowThirdBlock : 0;
      return new FakeBlock(size.bytes());
    }

    /** Makes a real area refuse a block: only an area can create the exception. */
    private void refuse() throws AreaExhausted {
      Pages pages = PageLibrary.find(directory.resolve("agent.jar"), directory);
      try {
        MemoryArea.of(NATIVE, pages, object -> 0).allocate(ByteSize.ofBytes(Long.MAX_VALUE >> 8));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public long capacity() {
      return 100L << 20;
    }

    @Override
    public long used() {
      return others + (allocatedAtMs.size() - released) * NATIVE.blockSize().bytes();
    }

    @Override
    public boolean isResidentAtFirst() {
      return true;
    }

    @Override
    public String pagesUnavailable() {
      return null;
    }
  }

  private final class FakeBlock implements Block {
    private final long bytes;
    private long resident;
    private boolean gone;

    FakeBlock(long bytes) {
      this.bytes = bytes;
      this.resident = bytes;
    }

    @Override
    public long committed() {
      return bytes;
    }

    @Override
    public void touch(long from, long to) {
      if (gone) {
        throw new AssertionError("written to after its release");
      }
      touched.add(from + "-" + to);
      whenTouched.run();
    }

    @Override
    public void drop(long from, long to) {
      dropped.add(from + "-" + to);
      resident -= to - from;
    }

    @Override
    public long resident(long from, long to) {
      return from == 0 ? resident : 0;
    }

    @Override
    public void release() {
      gone = true;
      released++;
    }
  }
}
