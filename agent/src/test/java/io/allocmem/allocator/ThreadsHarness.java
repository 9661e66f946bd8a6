package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.AreaExhausted;
import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.pages.PageLibrary;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;

/** Plan with real threads and a simulated area. */
abstract class ThreadsHarness {
  static final int RELEASE = 3;

  @TempDir Path directory;

  /** Called in the thread that takes a block, with the number of the block from 1 on. */
  volatile Consumer<Integer> whenAllocated = number -> {};

  /** Called in the thread that touches a slice. */
  volatile Runnable whenTouched = () -> {};

  final AtomicInteger allocated = new AtomicInteger();
  final AtomicInteger released = new AtomicInteger();
  final AtomicInteger slices = new AtomicInteger();
  final Set<String> takers = ConcurrentHashMap.newKeySet();
  volatile int room = Integer.MAX_VALUE;
  volatile long others;

  /** Running plan; the test writes commands into the control file as a launcher would. */
  final class Run {
    private final String name;
    private final ControlFile control;
    private final CommandWriter commands;
    private final CountDownLatch over = new CountDownLatch(1);

    Run(String arguments) throws Exception {
      HoldPlan plan = AgentArguments.parse(arguments + ",log=off,jmx=off");
      name = plan.name();
      control = ControlFile.create(name, arguments, "test", new ChannelLock());
      commands = new CommandWriter(name);
      new Allocator(
              plan,
              new FakeArea(),
              control,
              new ProcessReadings(4096, AreaKind.HEAP),
              () -> false,
              over::countDown)
          .start();
    }

    void send(int command) {
      commands.send(command);
    }

    Status status() {
      Status status = control.published();
      return status == null ? status() : status; // null while the plan writes
    }

    void await(Phase phase) {
      await(() -> status().phase == phase);
    }

    void await(BooleanSupplier condition) {
      long start = System.nanoTime();
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime() - start).as("%s", status()).isLessThan(20_000_000_000L);
        sleep(2);
      }
    }

    void release() throws InterruptedException {
      send(RELEASE);
      awaitEnd();
    }

    /** Waits for the end of the plan: no block and no thread stays. */
    void awaitEnd() throws InterruptedException {
      assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(released).hasValue(allocated.get());
      await(
          () ->
              Thread.getAllStackTraces().keySet().stream()
                  .noneMatch(thread -> isOf(thread.getName(), name)));
    }

    long committed() {
      return status().get(Reading.COMMITTED);
    }
  }

  private static boolean isOf(String thread, String plan) {
    return thread.equals("allocmem-" + plan) || thread.startsWith("allocmem-" + plan + "/");
  }

  static boolean isWorker() {
    return Thread.currentThread().getName().contains("/");
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class FakeArea implements MemoryArea {
    @Override
    public Block allocate(ByteSize size) throws AreaExhausted {
      int number = allocated.incrementAndGet();
      if (number > room) {
        allocated.decrementAndGet();
        refuse();
      }
      takers.add(Thread.currentThread().getName());
      try {
        whenAllocated.accept(number);
      } catch (RuntimeException | Error e) {
        allocated.decrementAndGet();
        throw e;
      }
      return new FakeBlock(size.bytes());
    }

    /** Makes a real area refuse a block: only an area can create the exception. */
    private void refuse() throws AreaExhausted {
      try {
        MemoryArea.of(
                AgentArguments.parse("x=1,a=native"),
                PageLibrary.find(directory.resolve("agent.jar"), directory),
                object -> 0)
            .allocate(ByteSize.ofBytes(Long.MAX_VALUE >> 8));
      } catch (IOException | io.allocmem.arguments.InvalidArguments e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public long capacity() {
      return 100L << 20;
    }

    @Override
    public long used() {
      return others + ((long) (allocated.get() - released.get()) << 20);
    }

    @Override
    public String pagesUnavailable() {
      return null;
    }
  }

  private final class FakeBlock implements Block {
    private final long bytes;
    private boolean gone;

    FakeBlock(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public long committed() {
      return bytes;
    }

    @Override
    public void touch(long from, long to) {
      assertThat(gone).as("touched after the release").isFalse();
      slices.incrementAndGet();
      whenTouched.run();
    }

    @Override
    public void drop(long from, long to) {}

    @Override
    public long resident(long from, long to) {
      return to - from;
    }

    @Override
    public void release() {
      assertThat(gone).as("released twice").isFalse();
      gone = true;
      released.incrementAndGet();
    }
  }
}
