package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Origin of the page library, and the status without a loadable library. */
class PageLibraryIT {
  private static final String NOEXEC =
      "mount --bind /tmp /tmp && mount -o remount,bind,noexec /tmp && ";
  private static final String SHM_TOO = "mount -t tmpfs -o noexec tmpfs /dev/shm && exec \"$@\"";

  /** Tolerance: an array that begins within a page touches an additional page. */
  private static final long ONE_PAGE_MORE_EACH = (25L << 20) + 10 * 4096;

  private static final String PLAN = "m=10,x=100,f=0.25";

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void isUnpackedOnceAndLeavesNoFile(Jdk jdk) throws IOException {
    try (Target target = Target.startWithAgent(jdk, PLAN)) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT))
          .isBetween(25L << 20, ONE_PAGE_MORE_EACH);
      assertThat(libraries(target)).hasSize(1).allMatch(path -> path.endsWith(".so (deleted)"));
      assertThat(target.err()).doesNotContain("WARNING");
    }
  }

  /** A library built on this machine lies beside the agent's jar. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theOneBesideTheJarIsTakenWhereItIs(Jdk jdk, @TempDir Path directory) throws Exception {
    Path agent = Files.copy(Target.AGENT, directory.resolve("agent.jar"));
    Process build =
        new ProcessBuilder("../agent/src/main/c/build.sh", directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(build.getInputStream().readAllBytes());
    assertThat(build.waitFor()).as(said).isZero();
    try (Target target = Target.start(jdk, "-javaagent:" + agent + "=" + PLAN)) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT))
          .isBetween(25L << 20, ONE_PAGE_MORE_EACH);
      assertThat(libraries(target)).containsExactly(directory + "/allocmem-pages-amd64.so");
    }
  }

  /** With -Xcheck:jni, the JVM passes copies of arrays to native code. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatHandsOutCopiesIsNoticedAndLeftAlone(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-Xcheck:jni", "-XX:+UseG1GC")) {
      Cli attached = Cli.run("attach", target.pid(), "-m", "10", "-x", "100", "-f", "0.25");
      String caveat =
          "fill ratio not enforced on the heap here: this JVM hands out copies of its arrays"
              + " (-Xcheck:jni?); touched = committed";
      assertThat(attached.out()).contains(caveat);
      Status status = Plans.await(target, Phase.HOLDING);
      assertThat(status.message).isEqualTo(caveat);
      assertThat(status.get(Reading.TOUCHED)).isEqualTo(100L << 20);
      assertThat(status.get(Reading.RESIDENT)).isEqualTo(Reading.UNKNOWN);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void whereNothingMayBeLoadedThePlanRunsAndSaysSo(Jdk jdk) throws Exception {
    assumeTrue(
        new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0,
        "only root can mount a /tmp without exec, and not in a chroot");
    List<String> by = List.of("unshare", "--mount", "sh", "-c", NOEXEC + SHM_TOO, "sh");
    try (Target target = Target.startBy(by, jdk, "-javaagent:" + Target.AGENT + "=" + PLAN)) {
      Plans.await(target, Phase.HOLDING);
      assertThat(InProcess.run("status", target.pid()).out())
          .contains("fill ratio not enforced on the heap here: no page library can be loaded from ")
          .contains("/tmp/allocmem_root (failed to map segment from shared object")
          .contains("; touched = committed");
      assertThat(target.err()).contains("fill ratio not enforced on the heap here: ");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void sharedMemoryServesWhereNothingInTmpMayBeLoaded(Jdk jdk) throws IOException {
    List<String> by =
        List.of("unshare", "--mount", "sh", "-c", NOEXEC + SHM_TOO.replace("noexec", "exec"), "sh");
    Inside.assume(by, jdk);
    try (Target target = Target.startBy(by, jdk, "-javaagent:" + Target.AGENT + "=" + PLAN)) {
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT))
          .isBetween(25L << 20, ONE_PAGE_MORE_EACH);
      assertThat(libraries(target)).singleElement().asString().startsWith("/dev/shm/allocmem_");
    }
  }

  /** Returns the names of the page libraries mapped into a process. */
  private static List<String> libraries(Target target) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + target.pid() + "/maps")).stream()
        .filter(line -> line.contains("pages-") && line.contains(" r-xp "))
        .map(line -> line.replaceFirst(".*? (?=/)", ""))
        .toList();
  }
}
