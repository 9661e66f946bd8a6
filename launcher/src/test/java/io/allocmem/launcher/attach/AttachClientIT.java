package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Foreign files in {@code /tmp} do not keep root from attaching to a JVM of root. */
@Execution(ExecutionMode.CONCURRENT)
class AttachClientIT {
  private static final Jdk OLDEST = Jdks.launchers().findFirst().orElseThrow();
  private static final int NOBODY = 65534;

  @BeforeAll
  static void assumeRoot() {
    assumeThat(LinuxProcess.self().uid()).as("only root can be another user as well").isZero();
    Inside.assume(Inside.privateTmp(), OLDEST);
  }

  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  private static Stream<Arguments> launchersAndTargets(TestInfo test) {
    return Jdks.some(test).map(to -> Arguments.of(OLDEST, to));
  }

  private static Stream<Arguments> newest(TestInfo test) {
    return launchersAndTargets(test).skip(LONG ? 0 : 1);
  }

  /** HotSpot's own client opens each file of this name; to open a FIFO without a writer blocks. */
  @ParameterizedTest
  @MethodSource("launchersAndTargets")
  void aFifoAmongPerformanceDataBlocksNoAttach(Jdk from, Jdk to) throws Exception {
    try (Target target = Target.startBy(Inside.privateTmp(), to)) {
      Path trap = new LinuxProcess(target.pid()).temporary().resolve("hsperfdata_nobody");
      run("mkfifo", trap.toString());
      run("chown", Integer.toString(NOBODY), trap.toString());
      assertAttaches(Cli.runBy(beside(target), from, Cli.JAR, words(target)), target);
    }
  }

  /**
   * Each kind of file lies in the first or in the second place where the JVM looks for the trigger.
   */
  @ParameterizedTest
  @MethodSource("launchersAndTargets")
  void aForeignFileOfTheTriggersNameStopsNoAttachAndStays(Jdk from, Jdk to) throws Exception {
    List<String> kinds = List.of("touch", "mkfifo", "mkdir", "ln -s /root");
    for (String kind : LONG ? kinds : List.of(kinds.get(to.version() % kinds.size()))) {
      try (Target target = Target.startBy(Inside.privateTmp(), to)) {
        LinuxProcess process = new LinuxProcess(target.pid());
        Path taken = process.temporary().resolve(".attach_pid" + process.pidInside());
        run("sh", "-c", kind + " \"$0\" && chown -h 65534 \"$0\"", taken.toString());
        assertAttaches(Cli.runBy(beside(target), from, Cli.JAR, words(target)), target);
        assertThat(Files.exists(taken, LinkOption.NOFOLLOW_LINKS)).as("not ours").isTrue();
        assertThat(process.workingDirectory().resolve(taken.getFileName())).doesNotExist();
      }
    }
  }

  /** A killed launcher left the trigger; the next launcher uses and removes the file. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("newest")
  void aTriggerThatWasLeftIsUsedAndRemoved(Jdk from, Jdk to) throws Exception {
    try (Target target = Target.startBy(Inside.privateTmp(), to)) {
      Path left = new LinuxProcess(target.pid()).temporary().resolve(".attach_pid" + target.pid());
      Files.createFile(left);
      assertAttaches(Cli.run(from, words(target)), target);
      assertThat(left).doesNotExist();
    }
  }

  /**
   * After the removal of the link, the JVM listens at this name, never at the target of the link.
   */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("newest")
  void aSocketThatIsALinkIsRefusedAndNotFollowed(Jdk from, Jdk to) throws Exception {
    try (Target other = Target.startBy(Inside.privateTmp(), to);
        Target target = Target.startBy(Inside.privateTmp(), to)) {
      assertAttaches(Cli.run(from, words(other)), other);
      Path leads = Path.of("/proc/" + other.pid() + "/root/tmp/.java_pid" + other.pid());
      Path link = new LinuxProcess(target.pid()).socket();
      Files.createSymbolicLink(link, leads);
      Cli.run(from, words(target)).assertSentence(".java_pid" + target.pid(), "remove it");
      assertThat(InProcess.run("status", other.pid()).out()).contains("no plan is held");
      Files.delete(link);
      assertAttaches(Cli.run(from, words(target)), target);
    }
  }

  /** Runs a launcher in the mount namespace of the target, with the target's {@code /tmp}. */
  private static List<String> beside(Target target) {
    return List.of("nsenter", "--target=" + target.pid(), "--mount");
  }

  private static Object[] words(Target target) {
    return new Object[] {"attach", target.pid(), "-x", "1"};
  }

  private static void assertAttaches(Cli attached, Target target) throws IOException {
    assertThat(attached.out()).contains("plan default in JVM " + target.pid());
    assertThat(attached.code()).isZero();
    assertThat(InProcess.run("release", target.pid()).code()).isZero();
    assertThat(target.ask("hello")).as("and no thread dump").isEqualTo("echo hello");
    List<String> left = new ArrayList<>();
    try (Stream<Path> files = Files.list(new LinuxProcess(target.pid()).temporary())) {
      files.map(file -> file.getFileName().toString()).forEach(left::add);
    }
    assertThat(left).noneMatch(name -> name.matches("allocmem-.*|pages-.*"));
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
