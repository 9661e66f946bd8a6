package io.allocmem.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command check predicts the result of a plan from outside the JVM, without an effect on the
 * JVM.
 */
class CheckIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  private static Stream<Arguments> fatalFlags(TestInfo test) {
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Stream.of(
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+CrashOnOutOfMemoryError",
                        "-XX:+HeapDumpOnOutOfMemoryError",
                        "-XX:OnOutOfMemoryError=kill -9 %p")
                    .map(flag -> Arguments.of(jdk, flag)));
  }

  private static Stream<Arguments> collectors(TestInfo test) {
    return Jdks.some(test)
        .flatMap(jdk -> Collector.of(jdk).stream().map(one -> Arguments.of(jdk, one)));
  }

  /** Runs the built jar, as a user does. Further tests run within this JVM, which is faster. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void aPlanThatFitsCanStartAndTheTargetIsUntouched(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-Xmx256m")) {
      Cli fits = Cli.run("check", target.pid(), "-m", "10", "-x", "50");
      assertThat(fits.code()).as(fits.out()).isZero();
      assertThat(fits.out())
          .contains("5 blocks of 10 MiB = 50 MiB", "attach ", "possible", "held ", "nothing")
          .containsPattern("JDK +(1\\.)?" + jdk.version() + "\\b")
          .endsWith("the plan can start" + System.lineSeparator())
          .doesNotContain("warning", "refused");
      assertUntouched(target);
    }
  }

  @ParameterizedTest
  @MethodSource("fatalFlags")
  void aFlagByWhichAnErrorHarmsRefusesAPlanThatCanMeetOne(Jdk jdk, String flag) {
    try (Target target = Target.start(jdk, "-Xmx64m", flag)) {
      Cli refused = check(target, "-x", "0");
      assertThat(refused.code()).as(refused.out()).isEqualTo(1);
      assertThat(refused.out())
          .contains("refused: this plan can end in an OutOfMemoryError, and this JVM has ")
          .contains(flag.replaceFirst("=.*", "") + ", which acts", "--oom allow", "cannot start");
      assertThat(check(target, "-x", "10").code()).isZero();
      assertThat(check(target, "-x", "0", "--oom", "allow").code()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("collectors")
  void theHeapIsAsItIsInside(Jdk jdk, Collector collector) throws IOException {
    List<String> options = new ArrayList<>(collector.flags());
    options.addAll(List.of("-Xmx3g", "-Xms64m"));
    try (Target target = Target.start(jdk, options.toArray(new String[0]))) {
      var heap = check(target, "--json").json();
      assertThat(heap.get("collector")).isEqualTo(collector.toString().replaceFirst(",.*", ""));
      assertThat(String.valueOf(heap.get("heapMax"))).isEqualTo(target.ask("max"));
      assertThat(heap.get("heapFixed")).isEqualTo(false);
      assertThat(((Number) heap.get("heapCommitted")).longValue()).isBetween(32L << 20, 3L << 30);
      String region = collector == Collector.G1 ? target.ask("flag G1HeapRegionSize") : "null";
      assertThat(String.valueOf(heap.get("regionSize"))).isEqualTo(region);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmWithoutPerformanceDataStillTellsWhatItsCommandLineSays(Jdk jdk) {
    String[] options = {
      "-XX:-UsePerfData", "-XX:+UseSerialGC", "-Xmx64m", "-XX:+ExitOnOutOfMemoryError"
    };
    try (Target target = Target.start(jdk, options)) {
      Cli seen = check(target, "-x", "0");
      assertThat(seen.code()).as(seen.out()).isEqualTo(1);
      assertThat(seen.out())
          .contains("max 64 MiB, committed -, used - (not known from outside: -XX:-UsePerfData)")
          .containsPattern("collector +Serial")
          .contains("this JVM has -XX:+ExitOnOutOfMemoryError");
      assertThat(check(target, "-x", "10").code()).isZero();
    }
  }

  @Test
  void withoutAnyFigureThePlanIsLeftToTheAgent() {
    try (Target target = Target.start(NEWEST, "-XX:-UsePerfData")) {
      Cli seen = check(target, "-x", "50%");
      assertThat(seen.code()).as(seen.out()).isZero();
      assertThat(seen.out())
          .contains("warning: the size of the Java heap cannot be read from outside the JVM");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aBlockThatTakesWholeRegionsIsTold(Jdk jdk) {
    String[] options = {"-XX:+UseG1GC", "-XX:G1HeapRegionSize=2m", "-Xmx64m", "-Xms64m"};
    try (Target target = Target.start(jdk, options)) {
      String waste = "a block of 3 MiB takes 4 MiB, 1 MiB of it wasted";
      assertThat(check(target, "-m", "3").out()).contains(waste, "plan", "not checked");
      assertThat(check(target, "-m", "3", "-x", "9").out())
          .contains("2 MiB: an array of more than 1 MiB takes whole regions; " + waste);
      assertThat(check(target, "-m", "4", "-x", "8").out()).doesNotContain("wasted");
      assertThat(check(target, "-m", "3", "-x", "9", "-a", "native").out())
          .doesNotContain("wasted");
      assertThat(check(target, "-m", "3", "-x", "60").out())
          .contains("takes 80 MiB in whole regions, more than the Java heap, 64 MiB", "EXHAUSTED")
          .contains("-Xms = -Xmx: the heap never shrinks");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#someWithModules")
  void aJvmThatLoadsNoAgentsIsRefused(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-XX:-EnableDynamicAgentLoading")) {
      Cli refused = check(target);
      assertThat(refused.code()).as(refused.out()).isEqualTo(1);
      assertThat(refused.out())
          .contains("-XX:-EnableDynamicAgentLoading; start it without, or", "agent loading");
      assertUntouched(target);
    }
  }

  @Test
  void flagsOfEverySourceCountAndTheLastOneWins() throws IOException {
    Path file = Files.createTempFile("options-", "");
    Files.writeString(file, "-XX:+ExitOnOutOfMemoryError -Xmx48m -XX:MaxDirectMemorySize=16m");
    try (Target target = Target.start(NEWEST, "-Xmx32m", "-XX:+UseG1GC", "@" + file)) {
      var seen = check(target, "--json").json();
      assertThat(seen.get("heapMax")).isEqualTo(48 << 20);
      assertThat(seen.get("maxDirectMemory")).isEqualTo(16 << 20);
      assertThat(seen.get("fatalFlags")).isEqualTo(List.of("-XX:+ExitOnOutOfMemoryError"));
      assertThat(check(target, "-a", "direct", "-x", "20").out())
          .contains("takes 20 MiB, more than direct memory, 16 MiB: the plan will end EXHAUSTED");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void moreThanThereIsIsWarnedOf() {
    try (Target target = Target.start(NEWEST, "-Xmx64m")) {
      Cli kernel = check(target, "-a", "native", "-x", "900g", "-m", "1g");
      assertThat(kernel.code()).isZero();
      assertThat(kernel.out()).contains("the kernel may end the process (OOM kill)", "keep-free");
      assertThat(check(target, "-a", "native", "-x", "900g", "--keep-free", "10%").out())
          .doesNotContain("warning");
      assertThat(check(target, "-a", "native", "-x", "900g", "-f", "0").out())
          .doesNotContain("warning");
    }
  }

  @Test
  void aPlanThatIsHeldAlreadyIsNamed() throws IOException {
    try (Target target = Target.startWithAgent(NEWEST, "x=5")) {
      Plans.await(target, Phase.HOLDING);
      Cli refused = check(target, "-x", "5");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out())
          .contains(
              "default: HOLDING 5 MiB", "plan default is held here already: release that plan");
      assertThat(check(target, "-x", "5", "-n", "second").code()).isZero();
    }
  }

  @Test
  void aDirectoryWhereNothingCanBeLoadedFromIsTold() {
    String noexec = "mount --bind /tmp /tmp && mount -o remount,bind,noexec /tmp && exec \"$@\"";
    List<String> command = List.of("unshare", "-m", "sh", "-c", noexec, "sh");
    Inside.assume(command, NEWEST);
    try (Target target = Target.startBy(command, NEWEST)) {
      Cli heap = check(target, "-x", "5");
      assertThat(heap.code()).isZero();
      assertThat(heap.out()).contains("page library", "/tmp is mounted noexec");
      Cli stack = check(target, "-x", "5", "-a", "stack");
      assertThat(stack.code()).isEqualTo(1);
      assertThat(stack.out()).contains("refused: thread stacks need the page library: /tmp is");
    }
  }

  /** The container has its own group, mounted at a place that only the container sees. */
  @Test
  void theLimitOfAContainerIsSeenFromOutsideOfIt() throws Exception {
    Path group = ownGroup().resolve("check-" + ProcessHandle.current().pid());
    assumeThat(Files.isWritable(group.getParent())).as("root, cgroup v1").isTrue();
    Files.createDirectory(group);
    Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(512 << 20));
    String contain =
        """
        echo $$ > G/cgroup.procs && mount --bind G /mnt && umount /sys/fs/cgroup/memory &&
        mount --bind /mnt /sys/fs/cgroup/memory && umount /mnt && exec "$@"
        """
            .replace("G/", group + "/")
            .replace(" G ", " " + group + " ");
    List<String> command = List.of("unshare", "--mount", "sh", "-c", contain, "sh");
    try (Target target = Target.startBy(command, NEWEST)) {
      Cli seen = check(target, "-a", "native", "-x", "600");
      assertThat(seen.out())
          .containsPattern("container +capacity 512 MiB, used \\d+")
          .contains("the container has ", "(OOM kill)");
      assertThat(check(target, "-a", "native", "-x", "300").out()).doesNotContain("warning");
    } finally {
      Files.delete(group);
    }
  }

  private static Path ownGroup() throws IOException {
    String own =
        Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
            .filter(line -> line.contains(":memory:"))
            .map(line -> line.replaceFirst(".*:memory:", ""))
            .findFirst()
            .orElse("/");
    return Path.of("/sys/fs/cgroup/memory" + own);
  }

  @Test
  void whatIsNoJvmOrNoOptionIsSaid() throws IOException {
    Process sleep = new ProcessBuilder("sleep", "1000").start();
    try {
      Cli none = InProcess.run("check", Long.toString(sleep.pid()));
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.out()).contains("(sleep) is not a JVM");
    } finally {
      sleep.destroyForcibly();
    }
    assertThat(InProcess.run("check", "1", "-m", "4q").code()).isEqualTo(2);
    assertThat(InProcess.run("check", "1", "-x", "4q").code()).isEqualTo(2);
  }

  private static Cli check(Target target, String... options) {
    Stream<String> words = Stream.of("check", Long.toString(target.pid()));
    return InProcess.run(Stream.concat(words, Arrays.stream(options)).toArray());
  }

  /** Asserts that the JVM printed no thread dump, started no listener and has no control file. */
  private static void assertUntouched(Target target) throws IOException {
    assertThat(target.ask("hello")).isEqualTo("echo hello");
    assertThat(target.err()).doesNotContain("allocmem");
    assertThat(Path.of("/tmp/.java_pid" + target.pid())).doesNotExist();
    assertThat(target.controlFiles()).isEmpty();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + target.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        assertThat(Files.readString(thread.resolve("comm"))).doesNotStartWith("Attach Listener");
      }
    }
  }
}
