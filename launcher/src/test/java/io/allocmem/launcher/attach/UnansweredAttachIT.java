package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attach without an answer: the plan may run nevertheless; otherwise the message names the cause.
 */
@Execution(ExecutionMode.CONCURRENT)
class UnansweredAttachIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Seccomp filter that denies socket(2), which is number 41 on x86-64. */
  private static final String FILTER =
      """
      my $f = pack("(SCCL)4", 0x20,0,0,0, 0x15,0,1,41, 6,0,0,0x50001, 6,0,0,0x7fff0000);
      my $p = pack("Sx6P", 4, $f);
      syscall(157, 38, 1, 0, 0, 0);
      syscall(157, 22, 2, $p) == 0 or die "no filter";
      exec @ARGV""";

  /** Descriptors that an attach needs beyond the plan's own: its connection, jar and answer. */
  private static final int FOR_AN_ATTACH = 4;

  /** Failures in a row after which the next failures are at the same step. */
  private static final int SAME_STEP = 4;

  private static final int LAST_FEW = 5;

  /** Returns the newest JDK; with {@code -Plong} also the oldest. */
  static Stream<Jdk> jdks() {
    return Jdks.oldestAndNewest()
        .filter(jdk -> jdk.equals(NEWEST) || Boolean.getBoolean("allocmem.test.long"));
  }

  /**
   * The number of free descriptors decides at which step the attach fails. A success always has a
   * plan. Between the plan's own descriptors and the last few, each attach fails at the same step.
   */
  @ParameterizedTest
  @MethodSource("jdks")
  void aPlanRunsWhereTheCommandSaysSoHoweverFewDescriptorsAreLeft(Jdk jdk) throws Exception {
    List<String> lost = new ArrayList<>();
    try (Target target = Target.start(jdk)) {
      int refused = 0;
      for (int left = descriptorsOfPlan(target) + FOR_AN_ATTACH; left > 0; left--) {
        Cli attached = attachWith(left, target);
        refused = attached.code() == 0 ? 0 : refused + 1;
        left = refused == SAME_STEP ? Math.min(left, LAST_FEW) : left;
        if (attached.out().contains("the answer was lost; the phase in the control file is ")) {
          lost.add(attached.out());
        }
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
    assertThat(lost).isNotEmpty();
  }

  private static int descriptorsOfPlan(Target target) throws Exception {
    assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
    int open = descriptors(target);
    assertThat(InProcess.run("release", target.pid()).code()).isZero();
    int ofPlan = open - descriptors(target);
    assertThat(ofPlan).isPositive();
    return ofPlan;
  }

  /** Attaches with so many free descriptors, and releases what is held then. */
  private static Cli attachWith(int left, Target target) throws Exception {
    limit(target, descriptors(target) + left);
    Cli attached = Cli.run("attach", target.pid(), "-x", "1", "-n", "with-" + left);
    boolean held = InProcess.run("status", target.pid()).out().contains("with-" + left + " ");
    assertThat(attached.code() == 0).as(attached.out()).isEqualTo(held);
    if (held) {
      assertThat(InProcess.run("release", target.pid()).code()).isZero();
    }
    return attached;
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aLackOfDescriptorsIsNamed(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      limit(target, descriptors(target));
      assertSilence(
          target,
          "JVM %d: it has no file descriptors left (ulimit -n, LimitNOFILE=); let it close some, or raise its limit: prlimit"
              .formatted(target.pid()));
    }
  }

  private static int descriptors(Target target) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + target.pid() + "/fd"))) {
      return (int) open.count();
    }
  }

  private static void limit(Target target, int files) throws Exception {
    Process prlimit =
        new ProcessBuilder("prlimit", "--nofile=" + files + ":", "--pid", "" + target.pid())
            .start();
    assumeThat(prlimit.waitFor()).as("prlimit").isZero();
  }

  /** The stop comes after the last check of the launcher, before the JVM can listen. */
  @ParameterizedTest
  @MethodSource("jdks")
  void aStopDuringTheAttachIsNamed(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      Process stop = new ProcessBuilder("sh", "-c", "read x; kill -STOP " + target.pid()).start();
      CompletableFuture<Cli> attached =
          CompletableFuture.supplyAsync(() -> Cli.run("attach", target.pid(), "-x", "1"));
      Path trigger = Path.of("/tmp/.attach_pid" + target.pid());
      while (!Files.exists(trigger) && !attached.isDone()) {
        Thread.onSpinWait();
      }
      stop.getOutputStream().write('\n');
      stop.getOutputStream().close();
      attached
          .get(Patience.seconds(60), TimeUnit.SECONDS)
          .assertSentence(
              "JVM %d did not answer within 5 s: it was stopped meanwhile".formatted(target.pid()),
              "kill -CONT " + target.pid());
      Signal.send("CONT", target.pid());
      assertNothingStays(target);
    }
  }

  @Test
  void aCpuQuotaThatIsUsedUpIsNamed() throws Exception {
    try (Cgroup cgroup = Cgroup.ofProcessor(1000);
        Target target = Target.start(NEWEST)) {
      Files.writeString(cgroup.directory().resolve("cgroup.procs"), "" + target.pid());
      assertSilence(
          target,
          "JVM %d did not answer within 5 s: its CPU quota was used up for most of that time"
              .formatted(target.pid()));
    }
  }

  @Test
  void aFilterThatDeniesSocketsIsNamed() throws Exception {
    List<String> filtered = List.of("perl", "-e", FILTER);
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
    Inside.assume(filtered, NEWEST);
    try (Target target = Target.startBy(filtered, NEWEST)) {
      assertSilence(
          target,
          "JVM %d did not answer within 5 s: it does not begin to listen, and runs under a seccomp filter"
              .formatted(target.pid()));
    }
  }

  private static void assertSilence(Target target, String sentence) throws IOException {
    Cli.run("attach", target.pid(), "-x", "1").assertSentence(sentence);
    assertNothingStays(target);
  }

  /**
   * Requires that no trigger file stays. The next SIGQUIT to a process with this pid would open the
   * attach listener instead of printing a thread dump.
   */
  private static void assertNothingStays(Target target) throws IOException {
    long pid = target.pid();
    for (String place : List.of("/tmp", "/proc/" + pid + "/cwd")) {
      assertThat(Path.of(place, ".attach_pid" + pid)).doesNotExist();
    }
    try (Stream<Path> left = Files.list(ControlDirectory.own())) {
      assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith(pid + "."));
    } catch (NoSuchFileException none) {
      return;
    }
  }
}
