package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The status names the exhausted resource. The plan holds its blocks and can release all blocks.
 */
class ExhaustionIT {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aFullTemporaryDiskIsTheReason(Jdk jdk) throws Exception {
    Path disk = Files.createTempDirectory("disk-");
    List<String> onSmallDisk =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=64m tmpfs " + disk + " && exec \"$@\"",
            "sh");
    Inside.assume(onSmallDisk, jdk);
    try (Target target =
        Target.startBy(
            onSmallDisk,
            jdk,
            "-Djava.io.tmpdir=" + disk,
            "-javaagent:" + Target.AGENT + "=a=mapped,m=3,x=0")) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message).isEqualTo("no room for a temporary file, or for its mapping");
      assertThat(status.get(Reading.BLOCKS)).isBetween(19L, 21L);
      Plans.release(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    } finally {
      Files.delete(disk);
    }
  }

  /** Each area's blocks need small objects. If the heap has no room, the heap is the reason. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aFullHeapIsTheReasonWhateverTheArea(Jdk jdk) throws Exception {
    List<String> areas = List.of("objects", "native", "direct", "mapped", "metaspace", "stack");
    List<String> sizes = List.of("1m", "64k", "4k");
    List<String> flags = new ArrayList<>(List.of("-Xmx48m", "-XX:+UseSerialGC"));
    for (String area : areas) {
      flags.add("-javaagent:" + Target.AGENT + "=x=0,m=64k,b,a=" + area + ",n=" + area);
    }
    for (String size : sizes) {
      flags.add("-javaagent:" + Target.AGENT + "=x=0,b,m=" + size + ",n=" + size);
    }
    try (Target target = Target.start(jdk, flags.toArray(new String[0]))) {
      for (String size : sizes) {
        Plans.send(target, size, PlanCommand.RESUME);
        Plans.await(target, size, Phase.EXHAUSTED);
      }
      for (String area : areas) {
        Plans.send(target, area, PlanCommand.RESUME);
        Status status = Plans.await(target, area, Phase.EXHAUSTED);
        System.out.printf("%s %s, full heap: %s%n", jdk, area, status.message);
        assertThat(status.message).as(area).containsAnyOf("on the Java heap", "a temporary file");
      }
      for (String area : areas) {
        Plans.send(target, area, PlanCommand.RELEASE);
        Awaitility.await(area).until(() -> isOver(Plans.status(target, area)));
      }
      sizes.forEach(size -> Plans.send(target, size, PlanCommand.RELEASE));
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** The control file stays until its removal, which needs some small objects. */
  private static boolean isOver(Status status) {
    return status == null || status.phase.isOver();
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aLimitOfThreadsIsTheReasonAndSomeStayFree(Jdk jdk) throws Exception {
    // keeps the JVM's own warning out of stdout
    String quiet = jdk.version() >= 9 ? "-Xlog:disable" : "-XX:+DisplayVMOutputToStderr";
    try (Cgroup cgroup = Cgroup.ofProcesses(100);
        Target target = Target.startIn(cgroup, jdk, "a=stack,m=1,x=0", "-Xmx64m", quiet)) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message)
          .isEqualTo(
              "the most threads of the container (pids.max) is 100, and 12 stay for the application");
      assertThat(status.get(Reading.BLOCKS)).isBetween(40L, 87L);
      assertThat(target.ask("grow 10 threads")).isEqualTo("grown by 10");
      Plans.release(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }
}
