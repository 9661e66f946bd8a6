package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records in an unwritable place, and records of several plans. */
class RecordIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir Path directory;

  @Test
  void isANewFileOrNothingStarts() throws IOException {
    Path old = Files.writeString(directory.resolve("old"), "mine");
    try (Target target = Target.start(NEWEST)) {
      Cli refused = Cli.run("attach", target.pid(), "-x", "5", "--hold", "--record", old);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out()).contains(old + " exists already; remove it, or name another file");
      Cli nowhere =
          Cli.run(
              "attach", target.pid(), "-x", "5", "--hold", "--record", directory.resolve("a/b"));
      assertThat(nowhere.code()).isEqualTo(1);
      assertThat(nowhere.out()).contains("its directory does not exist");
      assertThat(target.controlFiles()).isEmpty();
      assertThat(old).hasContent("mine");

      Path unused = directory.resolve("unused");
      assertThat(Cli.run("attach", -1, "-x", "5", "--hold", "--record", unused).code())
          .isEqualTo(1);
      assertThat(unused).doesNotExist();
    }
  }

  @Test
  void needsACommandThatStays() {
    assertThat(Cli.run("attach", 1, "-x", "5", "--record", "r").code()).isEqualTo(2);
    assertThat(Cli.run("status", 1, "--record", "r").code()).isEqualTo(2);
    assertThat(Cli.run("watch", 1, "--every", "1ms").out())
        .contains("a sampling interval is at least 10 ms");
    assertThat(Cli.run("watch", 1, "--every", "soon").out()).contains("a time is a number");
  }

  @Test
  void aFullDiskEndsTheRecordAndNotThePlan() throws Exception {
    Inside.assume(List.of("unshare", "--mount"), NEWEST);
    long hold = Patience.of(Duration.ofSeconds(3)).toMillis();
    String plan = "m=10,x=50,a=native,then=release,hold=" + hold + "ms";
    try (Target target = Target.startWithAgent(NEWEST, plan)) {
      Plans.await(target, Phase.HOLDING);
      String mount = "mount -t tmpfs -o size=4k tmpfs /mnt && exec \"$@\"";
      List<String> command =
          new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", mount, "sh"));
      command.addAll(follow(target, "--every", "20ms", "--record", "/mnt/record"));
      Process launcher = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(launcher.getInputStream().readAllBytes());
      assertThat(launcher.waitFor()).as(out).isEqualTo(1);
      assertThat(out)
          .contains("the record /mnt/record ends early: No space left on device")
          .contains("RELEASED");
      assertThat(target.err()).contains("limit reached: 5 blocks");
    }
  }

  @Test
  void hasEachPlanFromItsBeginningToItsEnd() throws Exception {
    Path record = directory.resolve("record");
    try (Target target = Target.startWithAgent(NEWEST, "m=10,x=30,a=native")) {
      List<String> follow =
          follow(target, "--json", "--every", "100ms", "--record", record.toString());
      Process launcher = new ProcessBuilder(follow).start();
      launcher.inputReader().readLine();
      List<Object> second = new ArrayList<>(List.of("attach", target.pid(), "-n", "second"));
      second.addAll(List.of("-x", "2", "-a", "native", "--then", "release", "--hold-time", "1s"));
      assertThat(Cli.run(second.toArray()).code()).isZero();
      String end = "\"name\":\"second\",\"phase\":\"RELEASED\"";
      Awaitility.await().until(() -> Files.readString(record).contains(end));
      Plans.release(target);
      assertThat(launcher.waitFor()).isZero();
    }
    List<String> seen = new ArrayList<>();
    for (String line : Files.readAllLines(record)) {
      for (Object plan : (List<?>) JSON.std.mapFrom(line).get("plans")) {
        Map<?, ?> fields = (Map<?, ?>) plan;
        seen.add(fields.get("name") + " " + fields.get("phase"));
      }
    }
    assertThat(seen).contains("default HOLDING", "second HOLDING");
    assertThat(seen).containsOnlyOnce("second RELEASED", "default RELEASED");
    assertThat(seen.get(seen.size() - 1)).isEqualTo("default RELEASED");
  }

  private static List<String> follow(Target target, String... options) {
    String pid = Long.toString(target.pid());
    List<String> command = new ArrayList<>(List.of(NEWEST.java(), "-jar", Cli.JAR.toString()));
    command.addAll(List.of("status", pid, "--follow"));
    command.addAll(List.of(options));
    return command;
  }
}
