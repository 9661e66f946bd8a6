package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OtherAgent;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attempts that reach the JVM, and the JVM's answers or missing answers. */
class AttemptIT {
  /** One of the last classes that the agent loads for each plan, before the plan starts. */
  private static final String LAST_CLASS = "io/allocmem/readings/ProcessReadings";

  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  /** A JVM serves one attach at a time: the agent of another client delays this attach. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmThatDoesNotAnswerIsLeftAloneAndStartsNothingLater(Jdk jdk) throws Exception {
    Path waits = Files.createFile(directory.resolve("waits"));
    try (Target target = Target.start(jdk)) {
      CompletableFuture<Void> other = attachOther(target, waits);
      Awaitility.await().until(() -> Files.exists(Path.of(waits + ".seen")));
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "did not answer within 5 s: it is in a long collection, stopped or short of memory");
      Files.delete(waits);
      other.handle((done, failure) -> done).get(Patience.seconds(30), TimeUnit.SECONDS);
      assertThat(Cli.run("attach", target.pid(), "-x", "1", "-n", "next").code()).isZero();
      assertThat(InProcess.run("status", target.pid()).out())
          .contains("next")
          .doesNotContain("default");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** The agent opens its jar in time, but loads its last class after the time limit. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void aPlanThatStartsAfterTheTimeIsUpIsTakenBack(Jdk jdk) throws Exception {
    Path late = OtherAgent.jar("LateAgent");
    try (Target target = Target.start(jdk, "-javaagent:" + late + "=" + LAST_CLASS)) {
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence("JVM %d did not answer within 5 s".formatted(target.pid()));
      Plans.awaitNoControlFile(target);
      Awaitility.await()
          .untilAsserted(() -> assertThat(target.err()).contains("plan default: released "));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    } finally {
      Files.delete(late);
    }
  }

  private static CompletableFuture<Void> attachOther(Target target, Path waits) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            OtherAgent.attach(target, waits.toString());
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  /** The JVM has a file system of its own at the launcher's control directory. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJarThatTheJvmCannotReadIsNamed(Jdk jdk) throws IOException {
    List<String> hidden =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-ec",
            "mount -t tmpfs tmpfs " + ControlDirectory.own() + "\nexec \"$@\"",
            "sh");
    Inside.assume(hidden, jdk);
    try (Target target = Target.startBy(hidden, jdk)) {
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "cannot read the agent's jar in its /tmp; the directory may have been cleaned or replaced; try again");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** A JVM with a {@code /tmp} of its own needs no writable {@code /tmp} of the launcher. */
  @Test
  void aLauncherAttachesWithoutWritingToItsOwnTmp() throws IOException {
    Inside.assume(Inside.container(), NEWEST);
    try (Target target = Target.startBy(Inside.container(), NEWEST)) {
      Cli attached =
          Cli.runBy(Inside.readOnlyTmp(), NEWEST, Cli.JAR, "attach", target.pid(), "-x", "5");
      assertThat(attached.out()).contains("5 blocks of 1 MiB");
      assertThat(InProcess.run("release", target.pid()).code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** While another agent occupies the attach listener, the JVM cannot create its socket again. */
  @Test
  void aBusyJvmWhoseSocketWasRemovedIsRefused() throws Exception {
    Path waits = Files.createFile(directory.resolve("waits"));
    try (Target target = Target.start(NEWEST)) {
      CompletableFuture<Void> other = attachOther(target, waits);
      Awaitility.await().until(() -> Files.exists(Path.of(waits + ".seen")));
      Files.delete(Path.of("/tmp/.java_pid" + target.pid()));
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "JVM %1$d listens at /tmp/.java_pid%1$d, and that file was removed; restart the JVM"
                  .formatted(target.pid()));
      Files.delete(waits);
      other.handle((done, failure) -> done).get(Patience.seconds(30), TimeUnit.SECONDS);
      assertThat(target.ask("hello")).as("and no thread dump").isEqualTo("echo hello");
      assertThat(InProcess.run("status", target.pid()).out()).contains("no plan is held");
    }
  }

  /** The launcher removes the incomplete jar: {@code /tmp} has the same free space as before. */
  @Test
  void aFullTmpIsNamedAndTheJarIsRemoved() throws IOException {
    String small = "mount -t tmpfs -o size=4m tmpfs /tmp";
    List<String> full = new ArrayList<>(Inside.chroot(small.replace("/tmp", "$D/tmp")));
    Inside.assume(full.subList(0, full.indexOf("chroot")), NEWEST);
    try (Target target = Target.startBy(full, NEWEST)) {
      Path tmp = new LinuxProcess(target.pid()).temporary();
      Path filler = fill(tmp);
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence("cannot be written to (read-only, full, or not for its user)");
      try (Stream<Path> left = Files.list(tmp)) {
        assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("allocmem"));
      }
      assertThat(target.isAnyThread("Attach Listener")).isFalse();
      Files.delete(filler);
      assertThat(Cli.run("attach", target.pid(), "-x", "1").code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Fills {@code /tmp} except for less space than the agent's jar needs. */
  private static Path fill(Path tmp) throws IOException {
    Path filler = tmp.resolve("filler");
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() - 10 * page.length);
      }
      return filler;
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void twoLaunchersAtOnceEachStartTheirPlanAndEachReleaseTheirs(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      List<Cli> attached = atOnce(target, "attach", "-x", "5", "-n");
      assertThat(attached).allMatch(cli -> cli.code() == 0);
      Plans.await(target, "one", Phase.HOLDING);
      Plans.await(target, "two", Phase.HOLDING);
      assertThat(atOnce(target, "release", "-n")).allMatch(cli -> cli.code() == 0);
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).as("and no thread dump").isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void twoPlansAtOneMomentAreOfOneSession(Jdk jdk) throws Exception {
    Path two = OtherAgent.jar("TwoPlans");
    try (Target target = Target.start(jdk, "-javaagent:" + two + "=" + Target.AGENT)) {
      assertThat(target.err()).contains("sessions: 1");
      Plans.await(target, "one", Phase.HOLDING);
      Plans.await(target, "two", Phase.HOLDING);
    } finally {
      Files.delete(two);
    }
  }

  /** The released plan has the phase RELEASED, but still closes its files. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanThatWasReleasedThisMomentMakesRoomForTheNext(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      for (int round = 0; round < 30; round++) {
        Plans.attach(target, "x=1,a=native");
        try (PlanControl plan = PlanControl.of(target.pid()).get(0)) {
          plan.send(PlanCommand.RELEASE);
          assertThat(plan.await(last -> last.phase.isOver(), 10_000)).isNotNull();
        }
      }
      Plans.awaitNoControlFile(target);
    }
  }

  @Test
  void twoLaunchersAtOnceCannotStartTheSamePlan() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      List<Cli> attached =
          Stream.of(1, 2)
              .map(n -> inBackground("attach", target.pid(), "-x", "5"))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      assertThat(attached).filteredOn(cli -> cli.code() == 0).hasSize(1);
      assertThat(attached)
          .filteredOn(cli -> cli.code() == 1)
          .singleElement()
          .satisfies(cli -> cli.assertSentence("plan default is held here already"));
      assertThat(Plans.fill(target, "default").get(Reading.BLOCKS)).isEqualTo(5);
      assertThat(target.ask("hello")).as("and no thread dump").isEqualTo("echo hello");
    }
  }

  /** Runs a command for the plans one and two at the same time. */
  private static List<Cli> atOnce(Target target, String command, String... options) {
    List<CompletableFuture<Cli>> both =
        Stream.of("one", "two")
            .map(
                name ->
                    inBackground(
                        Stream.of(
                                Stream.of(command, target.pid()),
                                Stream.of(options),
                                Stream.of(name))
                            .flatMap(words -> words)
                            .toArray()))
            .toList();
    return both.stream().map(CompletableFuture::join).toList();
  }

  private static CompletableFuture<Cli> inBackground(Object... arguments) {
    return CompletableFuture.supplyAsync(() -> Cli.run(NEWEST, arguments));
  }
}
