package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.StartTime;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on JVMs with an armed agent. */
class ArmedCommandsIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int STARTED = 2040;

  @TempDir private Path directory;

  @Test
  void listStatusAndCheckShowTheArming() throws IOException {
    try (Target target = Armed.start(NEWEST, "armed,ttl=8h,by=ci@build")) {
      Object pid = target.pid();
      assertThat(InProcess.run("list").done())
          .containsPattern("PID +.*MAIN +ARMED +HELD")
          .containsPattern("(?m)^" + pid + " +.*TargetApplication +7h59m left, by ci@build");
      Map<?, ?> armed = (Map<?, ?>) listed(target).get("armed");
      assertThat(armed.keySet().toString()).isEqualTo("[until, by, agentVersion]");
      assertThat(armed.get("by")).isEqualTo("ci@build");
      assertThat((Long) armed.get("until")).isGreaterThan(System.currentTimeMillis());
      assertThat(InProcess.run("status", pid).done())
          .contains("no plan is held in " + pid, "armed: 7h59m left, by ci@build (agent ");
      assertThat(InProcess.run("check", pid).done())
          .contains("way in            armed", "attach            possible");
      assertThat(InProcess.run("disarm", pid).done())
          .isEqualTo("JVM %s: disarmed%n".formatted(pid));
      assertThat(target.controlFiles()).isEmpty();
      assertThat(listed(target).get("armed")).isNull();
      assertThat(InProcess.run("check", pid).done()).contains("way in            attach");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Map<?, ?> listed(Target target) throws IOException {
    for (Object jvm : JSON.std.listFrom(InProcess.out("list", "--json"))) {
      if (((Map<?, ?>) jvm).get("pid").equals((int) target.pid())) {
        return (Map<?, ?>) jvm;
      }
    }
    throw new AssertionError("JVM " + target.pid() + " is not listed");
  }

  @Test
  void disarmKeepsThePlansAndSaysSo() throws IOException {
    try (Target target = Armed.start(NEWEST, "armed")) {
      Object pid = target.pid();
      Map<String, Object> attached =
          InProcess.run("attach", pid, "-x", "5", "--wait", "--json").json();
      assertThat(attached).containsEntry("way", "armed").containsEntry("verdict", "DONE");
      assertThat(InProcess.run("attach", pid, "-x", "5", "--if-absent", "--json").json())
          .containsEntry("heldAlready", true)
          .containsEntry("way", null);
      InProcess.run("attach", pid, "-x", "5")
          .assertSentence("the agent in %s refused: plan default is held here".formatted(pid));
      Map<String, Object> disarmed = InProcess.run("disarm", pid, "--json").json();
      assertThat(disarmed).containsEntry("command", "disarm").containsEntry("verdict", "DONE");
      assertThat(disarmed.get("plans").toString()).contains("name=default, phase=HOLDING");
      InProcess.run("disarm", pid).assertSentence("JVM %s is not armed".formatted(pid));
      assertThat(InProcess.run("disarm", pid, "--if-armed").done()).contains("nothing to disarm");
      assertThat(InProcess.run("release", pid).done()).contains("released 5 MiB");
    }
  }

  /** A jar of its own: the pattern must not reach the JVMs of other tests. */
  @Test
  void aReleasedPlanLeavesTheAgentArmedUntilAllThatMatchAreDisarmed() throws IOException {
    String name = "armed-" + ProcessHandle.current().pid() + ".jar";
    Path jar = directory.resolve(name);
    Jars.makeApplication(jar);
    String agent = "-javaagent:" + Target.AGENT + "=armed";
    try (Target target = Target.start(NEWEST, agent, "-jar", jar.toString());
        Target other = Target.start(NEWEST, "-jar", jar.toString())) {
      Armed.await(target);
      for (String plan : new String[] {"one", "two"}) {
        InProcess.run("attach", target.pid(), "-x", "5", "-n", plan, "--wait").done();
        assertThat(InProcess.run("release", target.pid()).done()).contains("plan " + plan);
      }
      assertThat(InProcess.run("disarm", "--match", "jar=" + name).done())
          .containsPattern("(?m)^" + target.pid() + " .* DONE")
          .contains("JVMs that match, and are not armed: 1")
          .doesNotContain(Long.toString(other.pid()) + " ");
      Armed.awaitDisarmed(target);
      InProcess.run("disarm", "--match", "jar=" + name)
          .assertSentence("holds an armed agent that you may command");
    }
  }

  @Test
  void anOutOfMemoryErrorNeedsTheConsentOfTheArming() {
    Object[] words = {"attach", 0, "-x", "5", "--oom", "allow"};
    try (Target target = Armed.start(NEWEST, "armed")) {
      words[1] = target.pid();
      InProcess.run(words).assertSentence("the agent in %s refused".formatted(words[1]), "oom");
    }
    try (Target target = Armed.start(NEWEST, "armed,oom=allow")) {
      words[1] = target.pid();
      assertThat(InProcess.run(words).done()).contains("5 blocks of 1 MiB");
    }
  }

  @Test
  void afterItsTimeTheAgentIsGoneAndAnAttachIsTheWay() throws IOException {
    try (Target target = Armed.start(NEWEST, "armed,ttl=2s")) {
      Armed.awaitDisarmed(target);
      assertThat(target.controlFiles()).isEmpty();
      assertThat(InProcess.run("attach", target.pid(), "-x", "5", "--json").json())
          .containsEntry("way", "attach");
    }
  }

  @Test
  void aStoppedJvmIsRefusedAndWhatItDidNotReadStartsNothing() throws Exception {
    try (Target target = Armed.start(NEWEST, "armed")) {
      stop(target);
      InProcess.run("attach", target.pid(), "-x", "5").assertSentence("is stopped", "kill -CONT");
      assertThatThrownBy(() -> Plans.start(target, "x=5", PlanWay.ARMED))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("did not answer within 5 s: it was stopped meanwhile")
          .hasMessageContaining("the request was withdrawn");
      Signal.send("CONT", target.pid());
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      // the agent answers this request after all requests before
      assertThat(InProcess.run("attach", target.pid(), "-x", "1", "-n", "b").done()).contains("b");
      assertThat(Plans.status(target)).isNull();
      assertThat(target.err()).doesNotContain("plan default");
    }
  }

  @Test
  void aStoppedJvmIsDisarmedWhenItRunsAgain() throws Exception {
    try (Target target = Armed.start(NEWEST, "armed")) {
      stop(target);
      Cli late = InProcess.run("disarm", target.pid());
      assertThat(late.code()).as(late.out()).isEqualTo(ExitCode.SHORT.number());
      assertThat(late.out()).contains("has not answered for 10 s", "disarmed when it runs again");
      Signal.send("CONT", target.pid());
      Armed.awaitDisarmed(target);
    }
  }

  private static void stop(Target target) throws Exception {
    Signal.send("STOP", target.pid());
    Awaitility.await().until(() -> new LinuxProcess(target.pid()).isStopped());
  }

  @Test
  void anAgentOfAnotherVersionIsNamedInTheAnswer() throws IOException {
    Path agent = directory.resolve("allocmem-agent.jar");
    Jars.copyWithVersion(Target.AGENT, agent, "99.0.1");
    try (Target target = Armed.startBy(List.of(), NEWEST, agent.toString(), "armed")) {
      // a new process, since the classes of the tests have no version
      assertThat(Cli.run("attach", target.pid(), "-x", "5").done())
          .contains("5 blocks of 1 MiB", "the armed agent is version 99.0.1, this launcher ");
      assertThat(Cli.run("check", target.pid()).done())
          .contains("warning: the armed agent is version 99.0.1");
    }
  }

  /** An update copied another jar into the file that the agent loads its classes from. */
  @Test
  void aJarThatWasOverwrittenIsNamed() throws IOException {
    Path agent = directory.resolve("allocmem-agent.jar");
    Files.copy(Target.AGENT, agent);
    try (Target target = Armed.startBy(List.of(), NEWEST, agent.toString(), "armed")) {
      Files.write(agent, new byte[1 << 20]);
      for (int i = 0; i < 2; i++) {
        InProcess.run("attach", target.pid(), "-x", "5")
            .assertSentence("refused: the agent's jar has changed since the start of the JVM");
      }
      assertThat(InProcess.run("disarm", target.pid()).done()).contains("disarmed");
      assertThat(InProcess.run("attach", target.pid(), "-x", "5").done()).contains("5 blocks");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Each file is as another user, or a dead JVM with the same pid, could leave the file. */
  @Test
  void aFileThatIsNoLivingAgentsIsNotUsed() throws IOException {
    try (Target honest = Armed.start(NEWEST, "armed");
        Target target = Target.start(NEWEST)) {
      Path from = honest.controlFiles().get(0);
      Path file = from.resolveSibling(target.pid() + ".armed");
      byte[] content = Files.readAllBytes(from);
      assertIgnored(target, Files.write(file, content), null); // stale start time
      assertThat(InProcess.run("clean", "--dry-run").done())
          .contains("would remove %s (armed agent of a JVM that is dead".formatted(file))
          .doesNotContain(from.toString());
      assertThat(InProcess.run("list").done()).contains("LEFT OVER", file.toString());
      Files.delete(file);
      assertIgnored(target, Files.createSymbolicLink(file, from), "is a link, which is never");
      assertIgnored(target, Files.createLink(file, from), "is a hard link to a file");
      try (RandomAccessFile own = new RandomAccessFile(Files.write(file, content).toFile(), "rw")) {
        own.seek(STARTED);
        own.writeLong(StartTime.of(Long.toString(target.pid())));
      }
      assertThat(ArmedState.orNull(target.pid())).as("the file is accepted").isNotNull();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
      assertIgnored(target, file, "can be written by others than its owner");
      Files.setAttribute(Files.write(file, content), "unix:uid", 65534);
      assertIgnored(target, file, "belongs to another user than its directory");
    }
  }

  @Test
  void aFileThatMustNotBeTrustedIsNamedWhereAnAttachIsImpossible() throws IOException {
    try (Target target = Armed.start(NEWEST, "armed", "-XX:+DisableAttachMechanism")) {
      Path file = target.controlFiles().get(0);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
      InProcess.run("attach", target.pid(), "-x", "5")
          .assertSentence(
              "-XX:+DisableAttachMechanism",
              "the armed agent was passed over: " + file + " can be written by others");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThat(InProcess.run("attach", target.pid(), "-x", "5").done()).contains("5 blocks");
    }
  }

  private static void assertIgnored(Target target, Path file, String objection) throws IOException {
    assertThat(ArmedState.orNull(target.pid())).isNull();
    if (objection != null) {
      assertThat(InProcess.run("status", target.pid()).out())
          .contains("skipped: " + file + " " + objection);
      assertThat(InProcess.run("disarm", target.pid()).out())
          .contains("skipped: " + file + " " + objection, "is not armed");
      assertThat(InProcess.run("check", target.pid()).done()).contains("way in            attach");
      Files.delete(file);
    }
  }

  @Test
  void theFileOfAKilledJvmIsALeftover() throws Exception {
    try (Target target = Armed.start(NEWEST, "armed")) {
      Path file = target.controlFiles().get(0);
      target.process().destroyForcibly().waitFor();
      assertThat(InProcess.run("clean", "--dry-run").done())
          .contains("%s (armed agent of a JVM that is dead, pid ".formatted(file));
      // this file alone: other tests have leftovers as well
      Stream<Leftover> all = Leftovers.find().ours().stream();
      assertThat(all.filter(one -> one.path().equals(file)).map(Leftover::remove))
          .containsExactly(true);
      assertThat(file).doesNotExist();
    }
  }

  /** The kernel still knows the file that a cleaned /tmp no longer has. */
  @Test
  void anAgentWhoseFileWasRemovedIsDisarmed() throws IOException {
    try (Target target = Armed.start(NEWEST, "armed")) {
      Files.delete(target.controlFiles().get(0));
      assertThat(InProcess.run("disarm", target.pid()).done()).contains("disarmed");
      assertThat(ArmedState.orNull(target.pid())).isNull();
    }
  }
}
