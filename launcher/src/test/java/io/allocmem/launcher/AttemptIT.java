package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.ControlDirectory;
import io.allocmem.status.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Attempts that get as far as the JVM, and what it answers or does not answer. */
class AttemptIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  /** Attaches are taken one by one: another agent's that waits keeps ours from being heard. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void aJvmThatDoesNotAnswerIsLeftAloneAndStartsNothingLater(Jdk jdk) throws Exception {
    Path waits = Files.createFile(directory.resolve("waits"));
    try (Target target = Target.start(jdk)) {
      CompletableFuture<Void> other = attachOther(target, waits);
      Awaitility.await().until(() -> Files.exists(Path.of(waits + ".seen")));
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "did not answer within 5 s: it is in a long collection, stopped or short of memory");
      Files.delete(waits);
      other.handle((done, failure) -> done).get(30, TimeUnit.SECONDS);
      assertThat(Cli.run("attach", target.pid(), "-x", "1", "-n", "next").code()).isZero();
      assertThat(Cli.run("status", target.pid()).out()).contains("next").doesNotContain("default");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
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

  /** Its /tmp is ours, and the directory of our files in it is another one. */
  @Test
  void aJvmThatDoesNotSeeTheJar() throws IOException {
    List<String> hidden =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-ec",
            "mount -t tmpfs tmpfs " + ControlDirectory.own() + "\nexec \"$@\"",
            "sh");
    Inside.assume(hidden, NEWEST);
    try (Target target = Target.startBy(hidden, NEWEST)) {
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "cannot read the agent's jar in its /tmp; is it cleaned, or another one by now?");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Only the JVM's own /tmp must be writable, where it is another one. */
  @Test
  void aLauncherThatCannotWriteToItsOwnTmp() throws IOException {
    Inside.assume(Inside.container(), NEWEST);
    try (Target target = Target.startBy(Inside.container(), NEWEST)) {
      Cli attached =
          Cli.runBy(Inside.readOnlyTmp(), NEWEST, Cli.JAR, "attach", target.pid(), "-x", "5");
      assertThat(attached.out()).contains("5 blocks of 1 MiB");
      assertThat(Cli.run("release", target.pid()).code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
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
      assertThat(Plans.fill(target, "default").blocks).isEqualTo(5);
    }
  }

  /** The same with the plan's name, one and two. */
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
