package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Phase;
import io.allocmem.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs out is said by the area's own reason; the blocks are kept, and still given back. */
class ExhaustionIT {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void aFullTemporaryDisk(Jdk jdk) throws Exception {
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
      assertThat(status.blocks).isBetween(19L, 21L);
      Plans.release(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    } finally {
      Files.delete(disk);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void noMoreThreads(Jdk jdk) throws Exception {
    // the JVM itself warns of it, on stdout
    String quiet = jdk.version() >= 9 ? "-Xlog:disable" : "-XX:+DisplayVMOutputToStderr";
    try (Cgroup cgroup = Cgroup.ofProcesses(100);
        Target target = Target.startIn(cgroup, jdk, "a=stack,m=1,x=0", "-Xmx64m", quiet)) {
      Status status = Plans.await(target, Phase.EXHAUSTED);
      assertThat(status.message).isEqualTo("no more threads, or no address space for their stacks");
      assertThat(status.blocks).isBetween(50L, 99L);
      Plans.release(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }
}
