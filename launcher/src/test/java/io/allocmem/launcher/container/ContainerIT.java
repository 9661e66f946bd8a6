package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Root reads the limits of a JVM that only the JVM's own mounts show. A user of the container has
 * mounted other files over the files of the kernel; such a mount keeps the names.
 */
@Execution(ExecutionMode.CONCURRENT)
class ContainerIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Number of reads; only some reads meet the moment of a swap. */
  private static final int ROUNDS = Boolean.getBoolean("allocmem.test.long") ? 10 : 4;

  /** Fakes all groups up to the topmost: 300 MiB, of which 100 are used. */
  private static final String GROUPS =
      """
      G=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup); mount -t tmpfs tmpfs /sys/fs/cgroup
      T=/sys/fs/cgroup/memory; mkdir -p $T$G; cd $T$G
      while :; do
        echo 314572800 > memory.limit_in_bytes; echo 104857600 > memory.usage_in_bytes
        echo total_inactive_file 0 > memory.stat
        [ $PWD = $T ] && break; cd ..
      done
      cd $T
      """;

  /** Swaps one file of each group for a FIFO and back, in an endless loop. */
  private static final String SWAPS =
      """
      for d in $(find $PWD -type d); do
        cd $d; mv %1$s real; mkfifo fifo
        perl -e 'while (1) { for (@ARGV) { unlink "%1$s"; link $_, "%1$s" } }' real fifo </dev/null >/dev/null 2>&1 &
      done
      """
          .formatted("memory.limit_in_bytes");

  /** Runs a launcher that does not see the groups by its own mounts, as in a container. */
  private static final List<String> APART =
      List.of(
          "timeout",
          "--signal=KILL",
          "20",
          "unshare",
          "--mount",
          "sh",
          "-ec",
          "mount -t tmpfs tmpfs /sys/fs/cgroup\nexec \"$@\"",
          "sh");

  @BeforeEach
  void assume() {
    Inside.assume(with("[ -f memory.stat ]"), NEWEST);
    Inside.assume(APART, NEWEST);
  }

  @Test
  void whatIsThereIsReadAsTheContainerSeesIt() {
    assertThat(check("true")).contains("300 MiB").doesNotContain("cannot be read from here");
  }

  /**
   * A followed link would reveal numbers in files of root, and an endless file would block a read.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo 262144000 > /tmp/secret; rm memory.limit_in_bytes; ln -s ../../../../tmp/secret memory.limit_in_bytes",
        "rm memory.usage_in_bytes; mkfifo memory.usage_in_bytes",
        "rm memory.stat; mkdir memory.stat",
        "rm memory.stat; cp -a /dev/zero memory.stat",
        "cp -r . /tmp/other; echo 262144000 > /tmp/other/memory.limit_in_bytes; rm -r ../memory; cd ..; ln -s ../../../tmp/other memory",
      })
  void whatIsNoFileIsNotFollowedNorWaitedFor(String preparation) {
    assertThat(check(preparation))
        .contains("the memory limit of the container cannot be read from here: ")
        .doesNotContain("250 MiB");
  }

  @Test
  void aFileWithoutAnEndIsReadNoFurther() {
    assertThat(check("> memory.stat; truncate -s 1T memory.stat")).contains("300 MiB");
  }

  @Test
  void aFileThatIsSwappedForAFifoMeanwhileIsNotWaitedFor() {
    try (Target target = Target.startBy(with(SWAPS), NEWEST, "-XX:-UseContainerSupport")) {
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(checkOf(target)).contains("TargetApplication");
      }
    }
  }

  private static String check(String preparation) {
    try (Target target = Target.startBy(with(preparation), NEWEST, "-XX:-UseContainerSupport")) {
      return checkOf(target);
    }
  }

  /** A time limit kills the command; an exit code above 100 means a kill. */
  private static String checkOf(Target target) {
    Cli checked = Cli.runBy(APART, NEWEST, Cli.JAR, "check", target.pid(), "-x", "1");
    assertThat(checked.code()).as(checked.out()).isLessThan(100);
    return checked.out();
  }

  private static List<String> with(String preparation) {
    List<String> command = new ArrayList<>(Inside.container());
    String script = GROUPS + preparation + "\ncd " + Path.of("/") + "\nexec \"$@\"";
    command.addAll(List.of("sh", "-ec", script, "sh"));
    return command;
  }
}
