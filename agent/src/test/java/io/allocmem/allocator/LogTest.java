package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a plan does by itself is in its log, and a plan that breathes does not flood it. */
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
            line -> assertThat(line).startsWith("goes on, since others gave back: 3 blocks, 3"),
            line -> assertThat(line).startsWith("limit reached: 55 blocks, 55 MiB committed"),
            line -> assertThat(line).startsWith("begins to give back, since others take more: 55"),
            line -> assertThat(line).startsWith("asks the JVM to collect"),
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

  /** Started as the door starts it: that opens the log. */
  private static List<String> linesOf(Run run, String name, Path log) throws Exception {
    run.allocator.start();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("allocmem-" + name)) {
        thread.join();
      }
    }
    String mark = "plan " + name + ": ";
    return Files.readAllLines(log).stream()
        .map(line -> line.substring(line.indexOf(mark) + mark.length()))
        .collect(Collectors.toList());
  }
}
