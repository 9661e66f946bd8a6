package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Commands for scripts: wait for a phase, and repeat a command without an error. */
class WaitIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @Test
  void aWaitEndsWithThePhaseOrWhenThePhaseCannotCome() {
    try (Target target = Target.start(NEWEST, "-Xmx64m")) {
      assertEnds(target, "attach -x 3 -a native -b", ExitCode.DONE, "begin with");
      assertEnds(target, "wait --timeout 200ms", ExitCode.SHORT, "not HOLDING after 0.2 s: plan");
      assertEnds(target, "wait --for waiting", ExitCode.DONE, "plan default: WAITING");
      assertEnds(target, "resume", ExitCode.DONE, "plan default");
      assertEnds(target, "wait", ExitCode.DONE, "plan default: HOLDING, 3 blocks");
      assertEnds(target, "attach -n full -m 5 -x 300", ExitCode.DONE, "plan full");
      assertEnds(target, "wait", ExitCode.SHORT, "plan full did not reach 300 MiB: EXHAUSTED");
      assertEnds(target, "wait -n default", ExitCode.DONE, "plan default: HOLDING");
      assertEnds(target, "wait -n full --for Exhausted", ExitCode.DONE, "plan full: EXHAUSTED");
      assertEnds(target, "wait -n full --for rotating", ExitCode.SHORT, "full");
      assertEnds(target, "release", ExitCode.DONE, "plan full");
      assertEnds(target, "wait --for RELEASED", ExitCode.DONE, "no plan is held");
      assertEnds(target, "wait --for ever", ExitCode.USAGE, "a phase is one of WAITING, ");
    }
  }

  @Test
  void aWaitBeginsBeforeThePlanAndEndsWithTheJvm() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      CompletableFuture<Cli> early = CompletableFuture.supplyAsync(() -> run(target, "wait"));
      assertEnds(target, "attach -x 2 -a native", ExitCode.DONE, "2 blocks");
      assertThat(early.get(Patience.seconds(20), TimeUnit.SECONDS).code()).isZero();
      CompletableFuture<Cli> late =
          CompletableFuture.supplyAsync(() -> run(target, "wait --for RELEASED"));
      Signal.send("KILL", target.pid());
      Cli ended = late.get(Patience.seconds(20), TimeUnit.SECONDS);
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.ENDED.number());
      assertThat(run(target, "wait").code()).isEqualTo(ExitCode.ENDED.number());
    }
  }

  @Test
  void attachWaitsForItsPlan() {
    try (Target target = Target.start(NEWEST, "-Xmx64m")) {
      String pid = Long.toString(target.pid());
      Cli before = InProcess.run("attach", "--wait", pid, "-x", "3", "-a", "native", "-e", "50ms");
      assertThat(before.code()).as(before.out()).isZero();
      assertThat(before.out()).contains("plan default: HOLDING, 3 blocks");
      assertEnds(target, "attach -n slow -x 9 -e 1s --wait=300ms", ExitCode.SHORT, "after 0.3 s");
      assertEnds(target, "attach -n all -a direct -x 0 --wait", ExitCode.DONE, "all: EXHAUSTED");
      String over = "attach -n over -x 1 -a native --then release --wait";
      assertEnds(target, over, ExitCode.DONE, "plan over");
      assertEnds(target, "attach -n big -m 5 -x 300 --wait", ExitCode.SHORT, "did not reach 300");
      assertEnds(target, "attach -x 1 --wait --hold", ExitCode.USAGE, "give one of them");
      assertEnds(target, "attach -x 1 --wait=90", ExitCode.USAGE, "90 what? 90s or 90ms");
    }
  }

  @Test
  void aRepeatedCommandSucceedsOnlyForTheSamePlan() throws Exception {
    String absent = "attach -x 50%% -a direct -m %d --if-absent --wait";
    try (Target target = Target.start(NEWEST, "-XX:MaxDirectMemorySize=20m")) {
      assertEnds(target, "release --if-held", ExitCode.DONE, "nothing to release");
      assertEnds(target, absent.formatted(1), ExitCode.DONE, "plan default: HOLDING, 10 blocks");
      assertEnds(target, absent.formatted(1), ExitCode.DONE, "held already, HOLDING");
      assertEnds(
          target, absent.formatted(2), ExitCode.FAILED, "with other options (10 blocks of 1");
      assertEnds(target, "attach -x 1 --if-absent --hold", ExitCode.USAGE, "somebody else");
      assertEnds(target, "release --if-held", ExitCode.DONE, "released 10 MiB");
      assertEnds(target, "release", ExitCode.FAILED, "no plan is held");
      target.process().destroyForcibly().waitFor();
      assertEnds(target, "release --if-held", ExitCode.DONE, "nothing to release");
      assertEnds(target, "release", ExitCode.ENDED, "has ended");
    }
  }

  @Test
  void numbersHaveAsciiDigitsInEachLocale() {
    String arabic = "JDK_JAVA_OPTIONS=-Duser.language=ar -Duser.country=EG";
    Cli ended = Cli.runBy(List.of("env", arabic), NEWEST, Cli.JAR, "wait", Integer.MAX_VALUE);
    assertThat(ended.out()).contains("JVM 2147483647 has ended");
  }

  private static void assertEnds(Target target, String words, ExitCode code, String said) {
    Cli cli = run(target, words);
    assertThat(cli.code()).as(words + ": " + cli.out()).isEqualTo(code.number());
    assertThat(cli.out()).contains(said);
  }

  private static Cli run(Target target, String words) {
    List<Object> all = new ArrayList<>(List.of(words.split(" ")));
    all.add(1, target.pid());
    return InProcess.run(all.toArray());
  }
}
