package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands without a PID take the only JVM that fits, and say so; otherwise they list the JVMs that
 * fit. On a busy machine a JVM without an answer in time is a candidate: hence alone. JVMs outside
 * the tests may hold plans, so the names of these plans are unique.
 */
@Isolated
class ChoiceIT {
  private static final Jdk JDK = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String NAME = "choice-" + ProcessHandle.current().pid();

  /** Application and launcher alone in a container. */
  private static final String ALONE =
      """
      sleep 60 | %1$s -Xmx64m -cp %2$s TargetApplication >/tmp/out 2>&1 &
      until grep -q ready /tmp/out; do sleep 0.05; done
      %1$s -jar %3$s check
      %1$s -jar %3$s attach -x 5 -m 5
      %1$s -jar %3$s status | grep "^default"
      %1$s -jar %3$s top >/tmp/watched 2>&1 &
      watch=$!
      until grep -q HOLDING /tmp/watched; do sleep 0.05; done
      %1$s -jar %3$s stop || true
      wait $watch || true
      cat /tmp/watched
      """
          .formatted(JDK.java(), Target.CLASSES, Cli.JAR);

  @Test
  void withoutAPidTheOnlyJvmIsTakenAndNamed() throws IOException {
    Inside.assume(Inside.container(), JDK);
    List<String> command = new ArrayList<>(Inside.container());
    command.addAll(List.of("timeout", "100", "sh", "-ec", ALONE));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(out)
          .containsPattern("no PID given: JVM \\d+, TargetApplication\nJVM \\d+ +TargetApplication")
          .containsPattern("no PID given: JVM (\\d+), TargetApplication\nplan default in JVM \\1: ")
          .containsPattern("no PID given: JVM \\d+, TargetApplication\ndefault +(HOLD|ALLOC)")
          .containsPattern(
              "no PID given: JVM \\d+, TargetApplication\nplan default .*released 5 MiB")
          .containsPattern("no PID given: JVM \\d+, TargetApplication\nplan default: HOLDING");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "check"})
  void amongSeveralJvmsNoneIsTaken(String command) {
    try (Target one = Target.start(JDK);
        Target two = Target.start(JDK)) {
      Cli refused = InProcess.run(command, "-x", "1");
      assertThat(refused.code()).as(refused.out()).isEqualTo(2);
      assertThat(refused.out())
          .matches("(?s)allocmem: which JVM\\? \\d+ may be meant:\nPID +USER +MAIN +HELD\n.*")
          .containsPattern("(?m)^" + one.pid() + " .* TargetApplication")
          .containsPattern("(?m)^" + two.pid() + " .* TargetApplication")
          .contains("give the PID of one JVM")
          .doesNotContainPattern("(?m)^" + ProcessHandle.current().pid() + " ");
      assertThat(Plans.status(one)).isNull();
      assertThat(Plans.status(two)).isNull();
    }
  }

  @Test
  void withoutAPidTheOnlyJvmWithThePlanIsTaken() {
    try (Target target = Target.start(JDK);
        Target other = Target.start(JDK)) {
      Plans.attach(target, "m=1,x=3,n=" + NAME);
      Plans.attach(other, "m=1,x=3,n=other");
      Plans.await(target, NAME, Phase.HOLDING);
      String taken = "no PID given: JVM " + target.pid() + ", TargetApplication";
      assertThat(InProcess.run("pause", "-n", NAME).out()).contains(taken, "PAUSED");
      assertThat(InProcess.run("resume", "-n", NAME).out()).contains(taken, "plan " + NAME);
      assertThat(InProcess.run("renew", "-n", NAME).out()).contains(taken);
      assertThat(InProcess.run("status", "-n", NAME).out()).contains(taken, NAME);
      assertThat(InProcess.run("stop", "-n", NAME).out()).contains(taken, "released 3 MiB");
      Plans.await(other, "other", Phase.HOLDING);
    }
  }

  @Test
  void amongSeveralJvmsWithThePlanNoneIsTaken() {
    try (Target one = Target.start(JDK);
        Target two = Target.start(JDK)) {
      Plans.attach(one, "m=1,x=3,n=" + NAME);
      Plans.attach(two, "m=1,x=3,n=" + NAME);
      for (String command : List.of("release", "pause", "resume", "status")) {
        Cli refused = InProcess.run(command, "-n", NAME);
        assertThat(refused.code()).as(refused.out()).isEqualTo(2);
        assertThat(refused.out())
            .startsWith("allocmem: which JVM? 2 hold plan " + NAME + ":")
            .contains(one.pid() + " ", two.pid() + " ", NAME + ": ");
      }
      assertThat(Plans.status(one, NAME).phase.isOver()).isFalse();
      assertThat(Plans.status(two, NAME).phase.isOver()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"release", "pause", "resume", "renew", "status"})
  void aPlanThatNoJvmHoldsIsNamed(String command) {
    InProcess.run(command, "-n", "nobody-holds-this")
        .assertSentence("no JVM that you may command holds plan nobody-holds-this");
  }

  @Test
  void statusShowsThePlanOfTheName() {
    try (Target target = Target.start(JDK)) {
      Plans.attach(target, "m=1,x=3,n=one");
      Plans.attach(target, "m=1,x=3,n=two");
      String pid = Long.toString(target.pid());
      assertThat(InProcess.run("status", pid, "-n", "two").out())
          .contains("\ntwo ")
          .doesNotContain("\none ");
      assertThat(InProcess.run("status", pid, "-n", "one", "--json").json().get("plans").toString())
          .contains("name=one")
          .doesNotContain("name=two");
      InProcess.run("status", pid, "-n", "three").assertSentence("no plan three is held in " + pid);
    }
  }

  @Test
  void aLauncherInAnotherTerminalIsNoCandidate() {
    assertThat(Candidate.isLauncher("/opt/allocmem/allocmem.jar", "allocmem.jar")).isTrue();
    assertThat(Candidate.isLauncher("io.allocmem.launcher.courier.CourierMain", "")).isTrue();
    assertThat(Candidate.isLauncher("m/io.allocmem.launcher.Launcher", "allocmem.jar")).isTrue();
    assertThat(Candidate.isLauncher("org.apache.maven.Launcher", "allocmem.jar")).isFalse();
    assertThat(Candidate.isLauncher("", "")).isFalse();
    assertThat(Candidate.isLauncher("?", "allocmem.jar")).isFalse();
  }
}
