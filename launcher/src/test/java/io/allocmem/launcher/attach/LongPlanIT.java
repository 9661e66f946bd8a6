package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan beyond the 1023 bytes of version 1 of the attach protocol. */
class LongPlanIT {
  /** First JDK with version 2 of the attach protocol. */
  private static final int VERSION_2 = 24;

  /** Length in characters of the longest accepted path of a log. */
  private static final int LONGEST_PATH = 700;

  private static final String PLAN =
      "m=1023k,x=2046k,keep-free=0.001%,f=0.123456789,k=off,e=1ms,w=1ms,d=31535999999ms"
          + ",lease=31535999999ms,then=ramp-down,hold=31535999999ms,oom=allow,a=native,l=false"
          + ",jmx=off,n="
          + "n".repeat(40)
          + ",by="
          + "b".repeat(64)
          + ",log=";

  @TempDir Path logs;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void startsWhereTheJvmTakesIt(Jdk jdk) throws Exception {
    assertStartsOrIsRefused(jdk, List.of());
  }

  /** Root sends the request through a process of the other user. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void startsInTheJvmOfAnotherUser(Jdk jdk) throws Exception {
    assumeThat(LinuxProcess.self().uid()).as("only root can be another user as well").isZero();
    Inside.assume(Inside.NOBODY, jdk);
    assertStartsOrIsRefused(jdk, Inside.NOBODY);
  }

  private void assertStartsOrIsRefused(Jdk jdk, List<String> by) throws Exception {
    try (Target target = Target.startBy(by, jdk)) {
      Path log = longestPath();
      String plan = PLAN + log;
      if (jdk.version() < VERSION_2) {
        assertThatThrownBy(() -> Plans.attach(target, plan))
            .isInstanceOf(Failure.class)
            .hasMessageContaining("over 1023 bytes together")
            .hasMessageContaining("JVM " + target.pid() + " takes no more (JDK 24 and newer do)");
        assertThat(log).doesNotExist();
      } else {
        Plans.attach(target, plan);
        Plans.await(target, "n".repeat(40), Phase.HOLDING);
        assertThat(log).exists();
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Returns the longest path, in a directory that each user may write. */
  private Path longestPath() throws Exception {
    Path directory = logs;
    while (directory.toString().length() < LONGEST_PATH - 200) { // a name has at most 255
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      directory = Files.createDirectory(directory.resolve("d".repeat(100)));
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    int rest = LONGEST_PATH - directory.toString().length() - 1;
    return directory.resolve("f".repeat(rest));
  }
}
