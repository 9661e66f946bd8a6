package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Life of a plan in JVMs with other mount, pid, network and user namespaces. */
class NamespaceIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  private static final List<String> NETWORK = List.of("unshare", "--net");

  private static final List<String> USERS =
      Stream.concat(Inside.NOBODY.stream(), Stream.of("unshare", "--user", "--map-root-user", "--"))
          .toList();

  private static Stream<Arguments> newestLauncherAndSome(TestInfo test) {
    return Jdks.some(test).map(to -> Arguments.of(NEWEST, to));
  }

  private static Stream<Arguments> oldestAndNewest() {
    Jdk oldest = Jdks.launchers().findFirst().orElseThrow();
    return Stream.of(Arguments.of(oldest, Jdks.all().get(0)), Arguments.of(NEWEST, NEWEST));
  }

  private static Stream<Arguments> newestLauncherAndTwo() {
    return Stream.of(Arguments.of(NEWEST, Jdks.all().get(0)), Arguments.of(NEWEST, NEWEST));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("newestLauncherAndSome")
  void commandsReachAContainer(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.container());
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("newestLauncherAndSome")
  void commandsReachAJvmWithATmpOfItsOwn(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.privateTmp());
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("newestLauncherAndTwo")
  void commandsReachAJvmWithARootDirectoryOfItsOwn(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.chroot());
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("newestLauncherAndSome")
  void commandsReachAJvmOfAnotherUser(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.NOBODY);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("oldestAndNewest")
  void commandsReachAnotherUsersContainer(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.nobodysContainer());
  }

  @Test
  void theOldestLauncherReachesAContainer() throws IOException {
    assertLife(Jdks.launchers().findFirst().orElseThrow(), NEWEST, Inside.container());
  }

  /**
   * The user in the namespace is root by name only: the directory of this name belongs to the real
   * root.
   */
  @Test
  void inAUserNamespaceWithOurTmpAStrangersDirectoryIsPassedOver() throws IOException {
    Inside.assume(USERS, NEWEST);
    ControlDirectory.own();
    try (Target target = Target.startBy(USERS, NEWEST)) {
      Cli attached = Cli.run("attach", target.pid(), "-x", "1");
      assertThat(attached.code()).as(attached.out()).isZero();
      Plans.await(target, Phase.HOLDING);
      Cli released = Cli.run("release", target.pid());
      assertThat(released.code()).as(released.out()).isZero();
      assertUnharmed(target);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("oldestAndNewest")
  void commandsReachAContainerWithAUserNamespace(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.userContainer());
  }

  /** Root changes to the mapped user number, and keeps the right to read the JVM's files. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("oldestAndNewest")
  void commandsReachAContainerWhoseUsersRootHasMapped(Jdk from, Jdk to) throws IOException {
    assertLife(from, to, Inside.mappedContainer());
  }

  @Test
  void commandsReachAnotherNetwork() throws IOException {
    assertLife(NEWEST, NEWEST, NETWORK);
  }

  @Test
  void aJarsNameIsATargetsNameToo(@TempDir Path directory) throws IOException {
    Path jar = directory.resolve("service-" + ProcessHandle.current().pid() + ".jar");
    Jars.makeApplication(jar);
    try (Target target = Target.start(NEWEST, "-jar", jar.toString())) {
      assertThat(Cli.run("attach", jar.getFileName(), "-x", "1").out())
          .contains("plan default in JVM " + target.pid());
      assertThat(Cli.run("release", jar.getFileName()).code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Uses the pid in the launcher's namespace. The built jar attaches and releases. */
  private static void assertLife(Jdk from, Jdk to, List<String> by) throws IOException {
    Inside.assume(by, to);
    try (Target target = Target.startBy(by, to, "-Xmx64m")) {
      Object pid = target.pid();
      Cli attached = Cli.run(from, "attach", pid, "-m", "3", "-x", "30", "-a", "native");
      assertThat(attached)
          .isEqualTo(
              new Cli(
                  0,
                  "plan default in JVM %s: 10 blocks of 3 MiB = 30 MiB, 30 MiB touched%nheld until a release%n"
                      .formatted(pid)));
      Plans.await(target, Phase.HOLDING);
      assertThat(InProcess.run("check", pid).out()).contains("held", "default: HOLDING 30 MiB");
      assertThat(InProcess.run("status", pid).out()).contains("HOLDING", "TargetApplication");
      assertThat(InProcess.run("pause", pid).out()).contains("plan default in JVM " + pid);
      assertListed(target, to);
      assertThat(Cli.run(from, "release", pid).out()).contains("released 30 MiB", "RSS");
      assertUnharmed(target);
    }
  }

  private static void assertListed(Target target, Jdk jdk) {
    long inside = new LinuxProcess(target.pid()).pidInside();
    String itself = inside == target.pid() ? "" : inside + " +";
    assertThat(InProcess.run("list").out())
        .containsPattern(
            "(?m)^%d +%s\\w+ +\\d+:\\d+ +(1\\.)?%d\\b.*TargetApplication +default: "
                .formatted(target.pid(), itself, jdk.version()));
    assertThat(InProcess.run("list", "--json").out())
        .contains("{\"pid\":%d,\"pidInside\":%d,".formatted(target.pid(), inside));
  }

  /**
   * Asserts that the JVM printed no thread dump and that its {@code /tmp} has no file of allocmem.
   */
  private static void assertUnharmed(Target target) throws IOException {
    assertThat(target.ask("hello")).isEqualTo("echo hello");
    LinuxProcess process = new LinuxProcess(target.pid());
    if (!process.sharesTemporary()) {
      try (Stream<Path> left = Files.list(process.temporary())) {
        assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("allocmem-"));
      }
    }
    assertThat(Plans.status(target)).isNull();
  }
}
