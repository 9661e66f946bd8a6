package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.pages.PageLibrary;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.status.ControlFile;
import io.allocmem.status.ProcessReadings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop with a clock of the test's: no test sleeps, and every moment is exact. */
class AllocatorTest {
  private static final long MS = 1_000_000;

  /** Things that happen at a moment, while the plan waits. */
  private static final class EventClock extends Clock {
    private final Map<Long, Runnable> events = new TreeMap<>();

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

  private final EventClock clock = new EventClock();
  private final List<Long> allocatedAtMs = new ArrayList<>();
  private final List<String> touched = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();

  @TempDir private Path directory;
  private int released;
  private long slowThirdBlock;

  @Test
  void neitherTheFirstBlockWaitsNorDoesAnythingWaitAfterTheLast() throws Exception {
    runUntil(200, "x=4,e=30,n=pace");
    assertThat(allocatedAtMs).containsExactly(0L, 30L, 60L, 90L);
  }

  @Test
  void aPlanWaitsBeforeItsFirstBlock() throws Exception {
    runUntil(500, "x=2,e=30,w=200,n=wait");
    assertThat(allocatedAtMs).containsExactly(200L, 230L);
  }

  @Test
  void aResumeEndsTheWait() throws Exception {
    Run run = new Run("x=1,w=1h,n=resumed", new FakeArea(Integer.MAX_VALUE));
    clock.events.put(60 * MS, () -> run.send(2));
    clock.events.put(300 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).singleElement().matches(at -> at >= 60 && at <= 100);
  }

  @Test
  void aPlanWithADurationReleasesByItself() throws Exception {
    Run run = new Run("x=0,e=100,d=1s,n=duration", new FakeArea(Integer.MAX_VALUE));
    run.allocator.run();
    assertThat(allocatedAtMs).hasSize(10).endsWith(900L);
    assertThat(released).isEqualTo(10);
  }

  @Test
  void aSlowBlockIsCaughtUpWith() throws Exception {
    slowThirdBlock = 70 * MS;
    runUntil(300, "x=6,e=30,n=slow");
    assertThat(allocatedAtMs).containsExactly(0L, 30L, 60L, 130L, 130L, 150L);
  }

  @Test
  void theFirstPartOfEachBlockIsTouchedAndTheRestGivenBack() throws Exception {
    runUntil(100, "m=2,x=4,f=0.25,n=fill");
    assertThat(touched).containsExactly("0-524288", "0-524288");
    assertThat(dropped)
        .containsExactly("524288-1572864", "1572864-2097152", "524288-1572864", "1572864-2097152");
  }

  @Test
  void aBlockIsGivenBackInSlices() throws Exception {
    runUntil(100, "m=40,x=40,f=0,n=slices");
    assertThat(dropped).hasSize(40).startsWith("0-1048576").endsWith("40894464-41943040");
  }

  @Test
  void aBlockIsTouchedInSlices() throws Exception {
    runUntil(100, "m=40,x=40,n=slices");
    assertThat(touched).containsExactly("0-16777216", "16777216-33554432", "33554432-41943040");
    assertThat(dropped).isEmpty();
  }

  @Test
  void nothingIsTouchedWhenTheFillRatioIsZero() throws Exception {
    runUntil(100, "m=2,x=4,f=0,n=none");
    assertThat(allocatedAtMs).hasSize(2);
    assertThat(touched).isEmpty();
  }

  @Test
  void everythingIsReleasedAtTheEnd() throws Exception {
    runUntil(100, "x=100,n=all");
    assertThat(released).isEqualTo(100);
  }

  @Test
  void aReleaseInTheMiddleStopsTheBlocks() throws Exception {
    runUntil(1000, "x=100,e=30,n=middle");
    assertThat(allocatedAtMs.size()).isBetween(33, 36);
    assertThat(released).isEqualTo(allocatedAtMs.size());
  }

  @Test
  void anExhaustedAreaKeepsItsBlocksAndAResumeTriesAgain() throws Exception {
    FakeArea area = new FakeArea(3);
    Run run = new Run("x=5,n=exhausted", area);
    clock.events.put(
        500 * MS,
        () -> {
          assertThat(allocatedAtMs).hasSize(3);
          assertThat(released).isZero();
          area.room = 5;
          run.send(2);
        });
    clock.events.put(900 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).hasSize(5);
    assertThat(released).isEqualTo(5);
  }

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
    Run run = new Run("x=3,e=100,then=ramp-down,hold=500,n=then-ramp", new FakeArea(99));
    clock.events.put(750 * MS, () -> assertThat(released).isEqualTo(1));
    clock.events.put(850 * MS, () -> assertThat(released).isEqualTo(2));
    run.allocator.run();
    assertThat(released).isEqualTo(3);
    assertThat(clock.now / MS).isBetween(900L, 1000L);
  }

  @Test
  void aPauseStopsTheHoldAndTheRampDown() throws Exception {
    Run run = new Run("x=3,e=100,then=ramp-down,hold=500,n=then-paused", new FakeArea(99));
    clock.events.put(400 * MS, () -> run.send(1));
    clock.events.put(5400 * MS, () -> assertThat(released).isZero());
    clock.events.put(5400 * MS + 1, () -> run.send(2));
    run.allocator.run();
    assertThat(released).isEqualTo(3);
    assertThat(clock.now / MS).isBetween(5900L, 6100L);
  }

  @Test
  void aLeaseThatIsNotRenewedReleasesAndOneThatIsDoesNot() throws Exception {
    Run run = new Run("x=1,lease=1s,n=lease", new FakeArea(99));
    for (long at = 500; at <= 3000; at += 500) {
      clock.events.put(at * MS, run::renew);
    }
    clock.events.put(3900 * MS, () -> assertThat(released).isZero());
    run.allocator.run();
    assertThat(released).isEqualTo(1);
    assertThat(clock.now / MS).isBetween(4000L, 4150L);
  }

  private static HoldPlan plan(String arguments) {
    try {
      return AgentArguments.parse(arguments);
    } catch (InvalidArguments e) {
      throw new AssertionError(e);
    }
  }

  private void runUntil(long releaseAtMs, String arguments) throws Exception {
    Run run = new Run(arguments, new FakeArea(Integer.MAX_VALUE));
    clock.events.put(releaseAtMs * MS, () -> run.send(3));
    run.allocator.run();
  }

  /** A plan whose commands the test writes as a launcher would. */
  private final class Run {
    private final Allocator allocator;
    private final CommandWriter commands;

    Run(String arguments, MemoryArea area) throws IOException {
      HoldPlan plan = plan(arguments);
      ControlFile control = ControlFile.create(plan.name(), arguments, "test");
      commands = new CommandWriter(plan.name());
      ProcessReadings process = new ProcessReadings(4096);
      allocator = new Allocator(plan, area, control, process, false, () -> {}, clock);
    }

    void send(int command) {
      commands.send(command);
    }

    void renew() {
      commands.renew();
    }
  }

  private final class FakeArea implements MemoryArea {
    private int room;

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

    /** The real area's own refusal: the exception cannot be made elsewhere. */
    private void refuse() throws AreaExhausted {
      Pages pages = PageLibrary.find(directory.resolve("agent.jar"), directory);
      try {
        MemoryArea.of(NATIVE, pages, object -> 0).allocate(ByteSize.ofBytes(Long.MAX_VALUE >> 8));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
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
      touched.add(from + "-" + to);
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
      released++;
    }
  }
}
