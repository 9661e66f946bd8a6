package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Obstacles of an attach that an armed agent does not know. In each JVM a plan starts while the
 * agent is armed; after the disarming, the same command names the obstacle.
 */
class ArmedIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  private static Stream<Jdk> before18() {
    return Jdks.all().stream().filter(jdk -> jdk.version() < 18);
  }

  private static Stream<Jdk> oldestAndNewest() {
    return Stream.of(Jdks.withModules().findFirst().orElseThrow(), Jdks.newestLasting()).distinct();
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void withoutTheAttachMechanism(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed", "-XX:+DisableAttachMechanism")) {
      assertArmedAlone(target, "was started with -XX:+DisableAttachMechanism");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#someWithModules")
  void withoutTheLoadingOfAgents(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed", "-XX:-EnableDynamicAgentLoading")) {
      assertArmedAlone(target, "was started with -XX:-EnableDynamicAgentLoading");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void withoutSignals(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed", "-Xrs")) {
      Files.delete(Path.of("/tmp/.java_pid" + target.pid())); // a JVM with -Xrs listens at once
      assertArmedAlone(target, "was started with -Xrs and does not catch SIGQUIT");
    }
  }

  /** The policy trusts the agent's own jar, and not the jar that an attach puts into /tmp. */
  @ParameterizedTest
  @MethodSource("before18")
  void withASecurityManager(Jdk jdk) throws IOException {
    Path policy = directory.resolve("policy");
    Files.writeString(
        policy,
        "grant codeBase \"file:%s\" { permission java.security.AllPermission; };"
            .formatted(Target.AGENT.toRealPath()));
    String[] options = {"-Djava.security.manager", "-Djava.security.policy=" + policy};
    try (Target target = Armed.start(jdk, "armed", options)) {
      assertTakesPlans(target);
    }
    try (Target target = Target.start(jdk, options)) {
      InProcess.run("attach", target.pid(), "-x", "5")
          .assertSentence("gave no answer", "security manager");
    }
  }

  /** A package update removes the runtime under the JVM. */
  @ParameterizedTest
  @MethodSource("oldestAndNewest")
  void inALinkedRuntimeThatWasRemoved(Jdk jdk) throws IOException {
    Jdk runtime = link(jdk);
    try (Target target = Armed.start(runtime, "armed")) {
      assertTakesPlans(target);
      Files.move(runtime.home(), runtime.home().resolveSibling("moved"));
      assertArmedAlone(target, "the JDK of JVM %d was removed".formatted(target.pid()));
    }
  }

  @Test
  void whereTheSocketIsInTheWay() throws IOException {
    Inside.assume(Inside.NOBODY, NEWEST);
    try (Target target = startAsNobody()) {
      Path socket = Files.createFile(Path.of("/tmp/.java_pid" + target.pid()));
      try {
        assertArmedAlone(target, "is in the way of JVM " + target.pid());
      } finally {
        Files.delete(socket);
      }
    }
  }

  /** The file of the armed agent is in the only writable directory. */
  @Test
  void inAReadOnlyRootWithOneWritableDirectory() throws IOException {
    List<String> by =
        Inside.chroot(
            "cp %s $D/classes/agent.jar; mount -t tmpfs -o mode=1777 tmpfs $D/dev/shm; mount -o remount,ro $D"
                .formatted(Target.AGENT));
    Inside.assume(by, NEWEST);
    try (Target target = Armed.startBy(by, NEWEST, "/classes/agent.jar", "armed")) {
      assertThat(Path.of("/proc/" + target.pid() + "/root/dev/shm/allocmem_root")).exists();
      assertArmedAlone(target, "/tmp of JVM %d cannot be written to".formatted(target.pid()));
    }
  }

  /** An attach needs a process of the JVM's user, and this user cannot read the launcher. */
  @Test
  void aJvmOfAnotherUser() throws IOException {
    Inside.assume(Inside.NOBODY, NEWEST);
    Path jar = directory.resolve("allocmem.jar"); // the directory is closed to other users
    Files.copy(Cli.JAR, jar);
    try (Target target = startAsNobody()) {
      Object pid = target.pid();
      assertThat(Cli.runBy(List.of(), NEWEST, jar, "attach", pid, "-x", "5").done())
          .contains("plan default in JVM " + pid + ": 5 blocks of 1 MiB");
      Plans.await(target, Phase.HOLDING);
      assertThat(InProcess.run("release", pid).done()).contains("released 5 MiB");
      assertThat(InProcess.run("disarm", pid).done()).contains("JVM " + pid + ": disarmed");
      Cli.runBy(List.of(), NEWEST, jar, "attach", pid, "-x", "5")
          .assertSentence("put both where all users may read", "user nobody of");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Rights as under kubectl debug: root cannot open the files, and the courier writes. */
  @Test
  void aJvmOfAnotherUserWithoutTheRightToTrace() throws IOException {
    List<String> untraced =
        List.of(
            "setpriv",
            "--bounding-set=-sys_ptrace,-sys_admin,-cap_38",
            "--inh-caps=-sys_ptrace,-sys_admin,-cap_38");
    Inside.assume(Inside.NOBODY, NEWEST);
    Inside.assume(untraced, NEWEST);
    try (Target target = startAsNobody()) {
      Object pid = target.pid();
      Cli attached =
          Cli.runBy(untraced, NEWEST, Cli.JAR, "attach", pid, "-x", "5", "--wait", "--json");
      assertThat(attached.json()).containsEntry("way", "armed").containsEntry("verdict", "DONE");
      assertThat(Cli.runBy(untraced, NEWEST, Cli.JAR, "disarm", pid).done()).contains("disarmed");
      assertThat(InProcess.run("release", pid).done()).contains("released 5 MiB");
    }
  }

  /** A newer JDK warns about an agent that is loaded at run time. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void nothingButThePlansLinesIsOnStderr(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed")) {
      assertThat(target.err()).isEmpty();
      assertTakesPlans(target);
      assertThat(target.err().lines()).isNotEmpty().allMatch(l -> l.startsWith("[allocmem] plan "));
      assertThat(Path.of("/tmp/.java_pid" + target.pid())).doesNotExist();
    }
  }

  private static Target startAsNobody() {
    return Armed.startBy(Inside.NOBODY, NEWEST, Target.AGENT.toString(), "armed");
  }

  /** A plan starts, is held and released, without an attach. */
  private static void assertTakesPlans(Target target) throws IOException {
    Object pid = target.pid();
    assertThat(InProcess.run("check", pid, "-x", "5").done())
        .contains("way in            armed", "the plan can start");
    assertThat(InProcess.run("attach", pid, "-x", "5", "-a", "native").done())
        .contains("plan default in JVM " + pid + ": 5 blocks of 1 MiB");
    Plans.await(target, Phase.HOLDING);
    assertThat(InProcess.run("release", pid).done()).contains("released 5 MiB");
    assertThat(target.isAnyThread("Attach Listener")).isFalse();
    assertThat(target.ask("hello")).isEqualTo("echo hello");
  }

  /** A plan starts while the JVM is armed; afterwards the obstacle is named. */
  private static void assertArmedAlone(Target target, String obstacle) throws IOException {
    Object pid = target.pid();
    assertThat(InProcess.run("check", pid, "--json").json())
        .containsEntry("way", "armed")
        .containsEntry("attachable", false)
        .extractingByKey("unattachable")
        .asString()
        .contains(obstacle);
    assertThat(InProcess.run("attach", pid, "-x", "5", "-a", "native").done())
        .contains("plan default in JVM " + pid + ": 5 blocks of 1 MiB");
    Plans.await(target, Phase.HOLDING);
    assertThat(InProcess.run("disarm", pid).done())
        .contains("JVM " + pid + ": disarmed", "plan default still held, 5 MiB");
    assertThat(InProcess.run("release", pid).done()).contains("released 5 MiB");
    InProcess.run("attach", pid, "-x", "5").assertSentence(obstacle);
    assertThat(target.ask("hello")).isEqualTo("echo hello");
  }

  private Jdk link(Jdk jdk) throws IOException {
    Path home = directory.resolve("runtime");
    String modules = "java.base,java.instrument";
    String said = Tool.run(jdk, "jlink", "--add-modules", modules, "--output", home);
    boolean runs =
        Files.isExecutable(home.resolve("bin/java"))
            && Tool.run(new Jdk(jdk.version(), home), "java", "-version").contains("version \"");
    assumeThat(runs).as("it links and runs here: %s", said).isTrue();
    return new Jdk(jdk.version(), home.toRealPath());
  }
}
