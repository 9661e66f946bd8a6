package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Fleet;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Commands on many JVMs: each JVM that matches, and no other JVM. */
@Execution(ExecutionMode.SAME_THREAD)
class ManyIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Plan for no other test. */
  private static final String NAME = "many-" + ProcessHandle.current().pid();

  private static Fleet fleet;
  private static Target other;

  @BeforeAll
  static void start() throws IOException {
    fleet = Fleet.start(NEWEST, 8);
    other = Target.start(NEWEST);
  }

  @AfterAll
  static void end() throws IOException {
    fleet.close();
    other.close();
  }

  @AfterEach
  void releaseAll() {
    InProcess.run("release", "--all", "-n", NAME, "--if-held");
    assertThat(Plans.status(other)).isNull();
  }

  private static Cli run(String words) {
    return InProcess.run((Object[]) words.replace("MATCH", match()).split(" "));
  }

  private static String match() {
    return "--match " + fleet.pattern() + " -n " + NAME;
  }

  /** Returns the results in the table, by pid; fails if a JVM has two rows. */
  private static Map<Long, String> results(Cli answer) {
    return Pattern.compile("(?m)^(\\d+) +\\S+ +(DONE|SHORT|FAILED|ENDED|KILLED|SKIPPED)\\b")
        .matcher(answer.out())
        .results()
        .collect(
            Collectors.toMap(
                row -> Long.valueOf(row.group(1)),
                row -> row.group(2),
                (one, two) -> one + " and " + two,
                TreeMap::new));
  }

  private static void assertAll(String result, Cli answer) {
    assertThat(answer.code()).as(answer.out()).isZero();
    Map<Long, String> results = results(answer);
    assertThat(results.keySet()).as(answer.out()).containsExactlyElementsOf(fleet.pids());
    assertThat(results.values()).as(answer.out()).containsOnly(result);
  }

  private static List<Long> holding() throws IOException {
    List<Long> holding = new ArrayList<>();
    for (long pid : fleet.pids()) {
      for (PlanControl plan : PlanControl.of(pid)) {
        try (plan) {
          Status status = plan.status();
          if (status != null && !status.phase.isOver()) {
            holding.add(pid);
          }
        }
      }
    }
    return holding;
  }

  @Test
  void eachCommandReachesAllJvmsThatMatchAndNoOtherJvm() throws IOException {
    Cli attached = run("attach MATCH -a native -m 1 -x 2 --wait");
    assertAll("DONE", attached);
    assertThat(attached.out()).contains("PID ", NAME + ": HOLDING 2 MiB");
    assertAll("DONE", run("status MATCH"));
    assertAll("DONE", run("wait MATCH"));
    assertThat(run("pause MATCH").out()).contains(NAME + ": PAUSED 2 MiB");
    assertThat(run("resume MATCH").out()).contains(NAME + ": HOLDING 2 MiB");
    assertAll("DONE", run("renew MATCH"));
    assertAll("DONE", run("attach MATCH -a native -m 1 -x 2 --if-absent --wait"));
    Cli released = run("release MATCH --stagger 1ms");
    assertAll("DONE", released);
    assertThat(released.out()).contains(NAME + ": RELEASED 2 MiB");
    assertThat(holding()).isEmpty();
    assertAll("DONE", run("check --match " + fleet.pattern() + " -x 1"));
  }

  @Test
  void allIsEachJvmThatHoldsThePlanAndNoOtherJvm() throws IOException {
    Plans.attach(other, "x=1,n=other");
    run("attach MATCH -a native -x 1 --wait");
    assertAll("DONE", InProcess.run("status", "--all", "-n", NAME));
    assertAll("DONE", InProcess.run("release", "--all", "-n", NAME, "--at-most", 8));
    assertThat(holding()).isEmpty();
    assertThat(Plans.status(other, "other").phase.isOver()).isFalse();
    Plans.release(other);
  }

  @Test
  void withJsonEachJvmHasOneObjectInALineOfItsOwn() throws IOException {
    for (String words :
        List.of(
            "attach MATCH -a native -x 1 --wait",
            "status MATCH",
            "pause MATCH",
            "resume MATCH",
            "renew MATCH",
            "wait MATCH",
            "release MATCH")) {
      Object[] typed = (words.replace("MATCH", match()) + " --json").split(" ");
      List<Long> pids = new ArrayList<>();
      for (String line : InProcess.out(typed).lines().toList()) {
        Map<String, Object> object = JSON.std.mapFrom(line);
        pids.add(((Number) object.get("pid")).longValue());
        assertThat(object).as(line).containsEntry("format", 1);
        assertThat(object.get("mainClass").toString()).as(line).contains("shop-");
        assertThat(object.get("plans").toString()).as(line).contains("name=" + NAME);
      }
      assertThat(pids).as(words).containsExactlyInAnyOrderElementsOf(fleet.pids());
    }
  }

  @Test
  void aShareIsDrawnByTheSeedThatIsPrinted() throws IOException {
    Cli drawn = run("attach MATCH -a native -x 1 --percent 30");
    assertThat(drawn.out())
        .contains("2 of 8 JVMs drawn; the same JVMs again: --percent 30 --seed ");
    List<Long> first = holding();
    assertThat(first).hasSize(2).containsExactlyElementsOf(results(drawn).keySet());
    run("release MATCH");
    String seed = drawn.out().replaceFirst("(?s).*--seed (\\d+).*", "$1");
    run("attach MATCH -a native -x 1 --percent 30% --seed " + seed);
    assertThat(holding()).isEqualTo(first);
    Cli status = run("status MATCH");
    assertThat(results(status).keySet()).containsExactlyElementsOf(first);
    assertThat(status.out()).contains("JVMs that match, and hold no plan: 6");
  }

  @Test
  void moreJvmsThanAllowedAreListedAndNotTouched() throws IOException {
    Cli refused = run("attach MATCH -a native -x 1 --at-most 7");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out())
        .contains(fleet.pids().stream().map(pid -> "\n" + pid + " ").toList())
        .contains("would work on 8 JVMs, and --at-most allows 7: no JVM was touched");
    assertThat(holding()).isEmpty();
    assertThat(run("attach MATCH -a native -x 1 --at-most 2 --percent 25").code()).isZero();
    assertThat(holding()).hasSize(2);
  }

  @Test
  void allNeedsConsentBeforeAPlanStarts() throws IOException {
    Cli refused = InProcess.run("attach", "--all", "-x", "1", "-n", NAME);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.out())
        .contains(fleet.pids().stream().map(pid -> "\n" + pid + " ").toList())
        .containsPattern(
            "--all starts the plan in \\d+ JVMs: confirm with --yes, or with --at-most");
    assertThat(holding()).isEmpty();
  }

  @Test
  void aLargeSumOfSmallPlansNeedsConsent() throws IOException {
    Cli refused = run("attach MATCH -a native -x 30%");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.out()).contains("together, and no container limits these 8 JVMs");
    assertThat(holding()).isEmpty();
  }

  @Test
  void theWorstExitCodeCounts() throws Exception {
    try (Fleet two = Fleet.start(NEWEST, 1)) {
      Process deaf = two.add(NEWEST, "-XX:+DisableAttachMechanism");
      Cli attached =
          InProcess.run("attach", "--match", two.pattern(), "-a", "native", "-x", 1, "--wait");
      assertThat(attached.code()).as(attached.out()).isEqualTo(1);
      assertThat(results(attached)).containsEntry(deaf.pid(), "FAILED").containsValue("DONE");
      assertThat(attached.out()).contains("was started with -XX:+DisableAttachMechanism");
      Cli late =
          InProcess.run("wait", "--match", two.pattern(), "--for", "PAUSED", "--timeout", "200ms");
      assertThat(late.code()).as(late.out()).isEqualTo(3);
      assertThat(results(late)).containsExactlyEntriesOf(Map.of(two.jvms().get(0).pid(), "SHORT"));
    }
  }

  @Test
  void aJvmThatEndsMeanwhileIsARowAndTheRestGoesOn() throws Exception {
    try (Fleet two = Fleet.start(NEWEST, 2)) {
      Process gone = two.jvms().get(0);
      Thread end = new Thread(() -> killOnceHeld(gone));
      end.start();
      Cli waited =
          InProcess.run(
              "attach",
              "--match",
              two.pattern(),
              "-a",
              "native",
              "-m",
              1,
              "-x",
              20,
              "-e",
              "100ms",
              "--wait");
      end.join();
      assertThat(waited.code()).as(waited.out()).isEqualTo(4);
      assertThat(results(waited)).containsEntry(gone.pid(), "ENDED").containsValue("DONE");
    }
  }

  private static void killOnceHeld(Process jvm) {
    while (PlanControl.of(jvm.pid()).isEmpty()) {
      PlanControl.pause();
    }
    jvm.destroyForcibly();
  }

  @Test
  void withoutAMatchOneSentenceSaysSo() {
    Cli none = InProcess.run("attach", "--match", "nobody-has-this-name", "-x", 1);
    none.assertSentence("no JVM matches 'nobody-has-this-name'; allocmem list shows the JVMs");
    run("release MATCH").assertSentence("holds plan " + NAME + " that you may command");
    assertThat(run("release MATCH --if-held"))
        .returns(0, Cli::code)
        .returns("nothing to release: no plan is held\n", Cli::out);
    assertThat(run("wait MATCH --for RELEASED").code()).isZero();
  }

  @Test
  void rootReachesTheJvmsOfAllUsersAndAnotherUserLearnsOfJvmsThatStayUnseen() throws Exception {
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Fleet two = Fleet.start(NEWEST, 1)) {
      Process others = two.addBy(Inside.NOBODY, NEWEST);
      String[] words = {"--match", two.pattern(), "-n", NAME};
      Cli attached =
          InProcess.run("attach", words[0], words[1], words[2], words[3], "-a", "native", "-x", 1);
      assertThat(attached.code()).as(attached.out()).isZero();
      assertThat(results(attached)).hasSize(2).containsEntry(others.pid(), "DONE");
      Cli ofOther = Cli.runBy(Inside.NOBODY, NEWEST, Cli.JAR, "release", words[0], words[1]);
      assertThat(ofOther.code()).as(ofOther.out()).isZero();
      assertThat(ofOther.out()).contains("cannot be seen: run allocmem as that user");
      assertThat(results(ofOther)).containsOnlyKeys(others.pid());
      Cli nothing =
          Cli.runBy(Inside.NOBODY, NEWEST, Cli.JAR, "release", words[0], words[1], "--if-held");
      assertThat(nothing.code()).as(nothing.out()).isZero();
      assertThat(nothing.out()).contains("cannot be seen", "nothing to release");
      Cli released = InProcess.run("release", words[0], words[1], words[2], words[3]);
      assertThat(results(released)).containsOnlyKeys(two.jvms().get(0).pid());
    }
  }
}
