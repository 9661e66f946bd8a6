package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.control.Status;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The log has each effect of the plan itself; repeated releases and allocations do not flood the
 * log.
 */
class LogTest extends AllocatorHarness {
  @Test
  void aPlanThatFollowsUsageSaysThatItGoesOnAndGivesBackOnce() throws Exception {
    FakeArea area = new FakeArea(3);
    area.others = 40 << 20;
    Path log = directory.resolve("plan.log");
    Run run = new Run("until=85%,a=direct,by=me,n=log-until,log=" + log, area);
    clock.events.put(900 * MS, () -> area.room = 999);
    for (int ms = 1000; ms < 3000; ms += 1000) {
      clock.events.put(ms * MS, () -> area.others = 30 << 20);
      clock.events.put((ms + 500) * MS, () -> area.others = 60 << 20);
    }
    clock.events.put(3000 * MS, () -> run.send(4));
    assertThat(linesOf(run, "log-until", log))
        .satisfiesExactly(
            line -> assertThat(line).endsWith(", in direct memory; asked by me"),
            line -> assertThat(line).startsWith("exhausted after 3 blocks, 3 MiB committed"),
            line -> assertThat(line).startsWith("allocating again: other usage fell; 3 blocks, 3"),
            line -> assertThat(line).startsWith("limit reached: 55 blocks, 55 MiB committed"),
            line -> assertThat(line).startsWith("releasing blocks: other usage rose; 55"),
            line -> assertThat(line).startsWith("asks the JVM for a collection after the release"),
            line -> assertThat(line).isEqualTo("released 25 MiB by a launcher"));
    assertThat(released).as("went up and down twice").isEqualTo(30 + 30 + 25);
  }

  @Test
  void aFailureSaysHowMuchWentBack() throws Exception {
    Path log = directory.resolve("plan.log");
    Run run = new Run("x=5,a=native,n=log-failed,log=" + log, new FakeArea(99));
    whenTouched =
        () -> {
          if (touched.size() == 3) {
            throw new IllegalStateException();
          }
        };
    assertThat(linesOf(run, "log-failed", log))
        .contains("failed: java.lang.IllegalStateException; released 3 MiB");
    assertThat(released).isEqualTo(3);
  }

  @Test
  void aFailureNamesItsReasonInTheStatus() throws Exception {
    Run run = new Run("x=5,a=native,n=status-failed,log=off", new FakeArea(99));
    Path file = ControlDirectory.own().resolve(ProcessHandle.current().pid() + ".status-failed");
    CountDownLatch opened = new CountDownLatch(1);
    whenTouched =
        () -> {
          await(opened);
          throw new IllegalStateException("because");
        };
    run.allocator.start();
    try (FileChannel control = FileChannel.open(file, StandardOpenOption.READ)) {
      opened.countDown();
      join("status-failed");
      ByteBuffer bytes = ByteBuffer.allocate(ControlLayout.LOCK);
      control.read(bytes, 0);
      Status status = ControlLayout.read(bytes.array());
      assertThat(status.phase).isEqualTo(Phase.FAILED);
      assertThat(status.message).isEqualTo("failed: java.lang.IllegalStateException: because");
    }
  }

  /** Starts the plan as the class Agent does, which opens the log. Returns the log's lines. */
  private static List<String> linesOf(Run run, String name, Path log) throws Exception {
    run.allocator.start();
    join(name);
    String mark = "plan " + name + ": ";
    return Files.readAllLines(log).stream()
        .map(line -> line.substring(line.indexOf(mark) + mark.length()))
        .collect(Collectors.toList());
  }

  private static void await(CountDownLatch opened) {
    try {
      opened.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
