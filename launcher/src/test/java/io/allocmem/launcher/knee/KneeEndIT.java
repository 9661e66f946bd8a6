package io.allocmem.launcher.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search ends in order: without a knee, the plans are released all the same. */
class KneeEndIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String HEAP = "-Xmx64m";
  private static final int ROUNDS = 5;

  @TempDir private Path directory;

  private static Object[] words(Target target, String more) {
    List<Object> words = new ArrayList<>(List.of("knee", target.pid(), "--measure", "1s"));
    words.addAll(List.of(more.split(" ")));
    return words.toArray();
  }

  @Test
  void aHeldNameIsRefusedBeforeAnything() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      Plans.attach(target, "a=native,x=1,n=knee-meter");
      Plans.await(target, "knee-meter", Phase.HOLDING);
      InProcess.run(words(target, "--slo p99=1s"))
          .assertSentence("plan knee-meter is held in " + target.pid(), "allocmem release", "-n");
      assertThat(Plans.status(target, "knee")).isNull();
    }
  }

  @Test
  void aPromiseThatIsBrokenWithoutPressureEndsTheSearch() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      String nobody = "--slo p50=1s --url http://localhost:1/ --json";
      List<String> lines = InProcess.run(words(target, nobody)).out().lines().toList();
      assertThat(lines.get(0)).contains("the service breaks p50=1s without any plan: p50 10");
      Map<String, Object> answer = new Cli(0, lines.get(1)).json();
      assertThat(answer).containsEntry("verdict", "FAILED").containsEntry("knee", null);
      assertThat(answer.get("steps").toString()).contains("asked=0, outcome=BROKEN");
      Plans.awaitNoControlFile(target);
    }
  }

  @Test
  void aJvmThatDiesInAStepIsNamedWithTheShare() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      Path page = directory.resolve("knee.html");
      String slo = "--slo p99=10s --from 50% --to 60% --json --report " + page;
      Object[] words = words(target, slo);
      CompletableFuture<Cli> search = CompletableFuture.supplyAsync(() -> InProcess.run(words));
      Plans.await(target, "knee", Phase.HOLDING);
      target.process().destroyForcibly();
      Cli ended = search.get(Patience.seconds(30), TimeUnit.SECONDS);
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.ENDED.number());
      List<String> lines = ended.out().lines().toList();
      assertThat(lines.get(0)).startsWith("allocmem: at 50 %: JVM " + target.pid() + " has ended");
      Map<String, Object> answer = new Cli(0, lines.get(1)).json();
      assertThat(answer).containsEntry("verdict", "ENDED").containsEntry("knee", null);
      assertThat(answer.get("steps").toString()).contains("asked=0").doesNotContain("asked=50");
      assertThat(page).content().contains("p99=10s");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalReleasesThePlansAndPrintsTheSteps(String signal) throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      Process process = launch(target);
      try (BufferedReader out = process.inputReader()) {
        Plans.await(target, "knee", Phase.HOLDING);
        Signal.send(signal, process.pid());
        assertThat(process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(out.lines().toList())
            .contains("the knee is not known: the search did not end")
            .anyMatch(line -> line.startsWith("ASKED "));
      } finally {
        process.destroyForcibly();
      }
      Plans.awaitNoControlFile(target);
    }
  }

  private static Process launch(Target target) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", Signal.DEFAULT_INT, NEWEST.java()));
    command.addAll(List.of("-jar", Cli.JAR.toString()));
    for (Object word : words(target, "--slo p99=10s --from 50%")) {
      command.add(word.toString());
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Nobody renews the leases of a search that was killed. */
  @Test
  void aKilledSearchLeavesNoPressure() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      Process process = launch(target);
      try {
        Plans.await(target, "knee", Phase.HOLDING);
      } finally {
        process.destroyForcibly();
      }
      Plans.awaitNoControlFile(target, Duration.ofSeconds(40));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** As at Ctrl+C just after an attach: nobody has looked at the plan yet. */
  @Test
  void aPlanThatHasJustBegunIsReleased() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (HeldPlans held = held(target, new HeldPlans(target.pid(), JvmEnd.of(target.pid())))) {
          String second = "a=native,x=1,n=second,lease=30s";
          held.start(AgentArguments.parse(second), plan -> Plans.attach(target, second));
        }
        Plans.awaitNoControlFile(target);
      }
    }
  }

  @Test
  void aPlanThatSomebodyReleasesEndsTheSearch() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      Object[] words = words(target, "--slo p99=10s --from 50%");
      CompletableFuture<Cli> search = CompletableFuture.supplyAsync(() -> InProcess.run(words));
      Plans.await(target, "knee", Phase.HOLDING);
      InProcess.run("release", target.pid(), "-n", "knee").done();
      Cli ended = search.get(Patience.seconds(30), TimeUnit.SECONDS);
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.FAILED.number());
      assertThat(ended.out()).contains("at 50 %: plan knee was released by somebody else");
      Plans.awaitNoControlFile(target);
    }
  }

  @Test
  void aStopConditionIsABreach() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP)) {
      String words = "--slo p99=10s --from 90% --to 90% --stop-if stall.max>1ms --json";
      Map<String, Object> answer = new Cli(0, InProcess.out(words(target, words))).json();
      assertThat(answer.get("steps").toString())
          .containsSubsequence(
              "asked=90", "outcome=STOPPED", "released by --stop-if stall.max>1ms");
    }
  }

  @Test
  void aStoppedJvmIsNamedWithTheRemedy() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP);
        HeldPlans held = held(target, hurried(target))) {
      Signal.send("STOP", target.pid());
      try {
        assertThatThrownBy(held::release)
            .isInstanceOf(Failure.class)
            .hasMessageContaining("are not released after 0 s")
            .hasMessageContaining("release them with: allocmem release " + target.pid());
      } finally {
        Signal.send("CONT", target.pid());
      }
    }
  }

  @Test
  void aJvmThatDiesInTheReleaseHasEnded() throws Exception {
    try (Target target = Target.start(NEWEST, HEAP);
        HeldPlans held = held(target, hurried(target))) {
      Signal.send("STOP", target.pid());
      target.process().destroyForcibly().waitFor();
      assertThatThrownBy(held::release)
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.ENDED));
    }
  }

  private static HeldPlans hurried(Target target) {
    return new HeldPlans(target.pid(), JvmEnd.of(target.pid()), 500);
  }

  private static HeldPlans held(Target target, HeldPlans held) throws Exception {
    String arguments = "a=native,x=1,n=knee,lease=30s";
    held.start(AgentArguments.parse(arguments), plan -> Plans.attach(target, arguments));
    Plans.await(target, "knee", Phase.HOLDING);
    held.look();
    return held;
  }
}
