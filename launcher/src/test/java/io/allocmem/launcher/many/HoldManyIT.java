package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Fleet;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.plan.HoldPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The end of a launcher with many JVMs, as at Ctrl+C. */
@Execution(ExecutionMode.SAME_THREAD)
class HoldManyIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  private static Fleet fleet;

  @BeforeAll
  static void start() throws IOException {
    fleet = Fleet.start(NEWEST, 3);
  }

  @AfterAll
  static void end() throws IOException {
    fleet.close();
  }

  private static Process launch(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", Signal.DEFAULT_INT, NEWEST.java()));
    command.addAll(List.of("-jar", Cli.JAR.toString(), "attach", "--match", fleet.pattern()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static boolean isHeld(Process jvm, String name) {
    boolean held = false;
    for (PlanControl plan : PlanControl.of(jvm.pid())) {
      try (plan) {
        held |= plan.name().equals(name) && plan.status() != null && plan.isAlive();
      } catch (IOException over) {
        continue;
      }
    }
    return held;
  }

  private static long held(String name) {
    return fleet.jvms().stream().filter(jvm -> isHeld(jvm, name)).count();
  }

  /** Reads lines until as many lines have this text. */
  private static String read(BufferedReader out, String text, int times) throws IOException {
    StringBuilder all = new StringBuilder();
    for (int found = 0; found < times; ) {
      String line = out.readLine();
      assertThat(line).as(all.toString()).isNotNull();
      all.append(line).append('\n');
      found += line.contains(text) ? 1 : 0;
    }
    return all.toString();
  }

  private static String rest(BufferedReader out) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      all.append(line).append('\n');
    }
    return all.toString();
  }

  @Test
  void theInterruptOfAHoldReleasesAllPlans() throws Exception {
    Process launcher = launch("-a", "native", "-x", "2", "-n", "held", "--hold", "--lease", "3s");
    BufferedReader out = launcher.inputReader();
    read(out, "held: HOLDING 2 MiB", 3);
    Patience.holds(java.time.Duration.ofSeconds(4), () -> assertThat(held("held")).isEqualTo(3));
    Signal.send("INT", launcher.pid());
    String last = rest(out);
    assertThat(launcher.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(130);
    assertThat(last.split("RELEASED +held: RELEASED", -1)).as(last).hasSize(4);
    assertThat(held("held")).isZero();
  }

  @Test
  void theEndOfTheReaderOfAHoldReleasesAllPlans() throws Exception {
    Process launcher =
        launch("-a", "native", "-m", "1", "-x", "6", "-e", "1s", "-n", "piped", "--hold");
    BufferedReader out = launcher.inputReader();
    read(out, "piped: ALLOCATING", 3);
    out.close();
    assertThat(launcher.waitFor(Patience.seconds(30), TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(141);
    assertThat(held("piped")).isZero();
  }

  /** The first row that fails is not always the row of the same JVM. */
  @Test
  void theEndReleasesAPlanThoughNobodyReadsItsRow() throws Exception {
    long pid = fleet.jvms().get(0).pid();
    Object[] words = {"attach", pid, "-a", "native", "-x", 2, "-n", "unread"};
    assertThat(InProcess.run(words).code()).isZero();
    ManyTarget target = ManyTarget.of(JavaProcess.find(pid).orElseThrow());
    PrintWriter closed = new PrintWriter(Writer.nullWriter());
    closed.close();
    HoldPlan plan = InProcess.plan("attach", "-a", "native", "-x", "2", "-n", "unread");
    Outcome accepted = Outcome.of("attach", target, Verdict.DONE);
    Rows rows = Rows.of(closed, false, List.of(target.jvm()));
    HeldPlan hold = new HeldPlan(target, plan, JvmEnd.of(pid), accepted, rows);
    assertThat(hold.end().result()).isEqualTo("RELEASED");
    assertThat(held("unread")).isZero();
  }

  @Test
  void anInterruptInTheMiddleListsWhatWasStartedAndTouchesNoFurtherJvm() throws Exception {
    Process launcher = launch("-a", "native", "-x", "2", "-n", "half", "--stagger", "60s");
    BufferedReader out = launcher.inputReader();
    String first = read(out, "half: ", 1);
    assertThat(first).contains(" DONE ");
    Signal.send("INT", launcher.pid());
    assertThat(rest(out)).contains("interrupted: 2 of 3 JVMs were not touched");
    assertThat(launcher.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(130);
    assertThat(held("half")).isEqualTo(1);
    assertThat(Cli.run("release", "--all", "-n", "half").code()).isZero();
    assertThat(held("half")).isZero();
  }

  @Test
  void aHoldEndsWithTheVerdictOnAllPlans() throws Exception {
    Process launcher = launch("-a", "native", "-x", "2", "-n", "brief", "--hold", "-d", "2s");
    String all = rest(launcher.inputReader());
    assertThat(launcher.waitFor()).as(all).isZero();
    assertThat(all.split(" DONE +brief: RELEASED", -1)).as(all).hasSize(4);
  }
}
