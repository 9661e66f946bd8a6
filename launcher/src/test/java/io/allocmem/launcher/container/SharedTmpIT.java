package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two containers whose JVMs have pid 1 and share {@code /tmp}: both JVMs would listen at the same
 * file. The agent must enter the intended JVM only.
 */
@Isolated
class SharedTmpIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** The shared {@code /tmp} of both containers. */
  @TempDir private Path shared;

  @Test
  void theOtherOnesSocketIsNotUsedAndIsInTheWayWhenThatOneIsDead() throws Exception {
    Inside.assume(Inside.containerWithTmp(shared), NEWEST);
    try (Target one = start();
        Target two = start()) {
      assertThat(Cli.run("attach", one.pid(), "-x", "1").code()).isZero();
      String sentence =
          "JVM %d shares its /tmp with JVM %d, which listens at /tmp/.java_pid1, too: the agent could go into that JVM; give each JVM a /tmp of its own, or start JVM %1$d with -javaagent"
              .formatted(two.pid(), one.pid());
      Cli.run("attach", two.pid(), "-x", "1").assertSentence(sentence);
      assertThat(InProcess.run("check", two.pid()).out()).contains("refused: " + sentence);
      assertThat(Cli.run("attach", one.pid(), "-x", "1", "-n", "b").code()).isZero();
      assertThat(InProcess.run("release", one.pid()).code()).isZero();
      assertUnharmed(one, two);
      assertThat(two.isAnyThread("Attach Listener")).isFalse();

      Signal.send("KILL", one.pid()); // a JVM that ends normally would remove its socket
      assertThat(one.process().waitFor(Patience.seconds(10), TimeUnit.SECONDS)).isTrue();
      Cli.run("attach", two.pid(), "-x", "1")
          .assertSentence(
              "/tmp/.java_pid1 is in the way of JVM %d: user root's JVM of that pid was killed and"
                  .formatted(two.pid()));
      Files.delete(shared.resolve(".java_pid1"));
      assertThat(Cli.run("attach", two.pid(), "-x", "1").code()).isZero();
      assertThat(InProcess.run("release", two.pid()).code()).isZero();
      assertUnharmed(two);
    }
  }

  @Test
  void theSocketOfOneThatIsNotSeenFromHereIsNotUsed() throws Exception {
    Inside.assume(Inside.containerWithTmp(shared), NEWEST);
    try (Target one = start();
        Target two = start()) {
      assertThat(Cli.run("attach", one.pid(), "-x", "1").code()).isZero();
      Cli.runBy(within(two, "--mount"), NEWEST, Cli.JAR, "attach", 1, "-x", "1")
          .assertSentence("JVM 1 shares its /tmp with a JVM that is not seen from here, which");
      assertUnharmed(one, two);
    }
  }

  /**
   * Both JVMs listen, and the file belongs to the wrong JVM; inside the namespace, the launcher
   * cannot tell.
   */
  @Test
  void aPlanThatWentIntoAnotherJvmIsTakenBack() throws Exception {
    Inside.assume(Inside.containerWithTmp(shared), NEWEST);
    try (Target one = start();
        Target two = start()) {
      letBothListen(one, two);
      Cli.runBy(within(two, "--mount"), NEWEST, Cli.JAR, "attach", 1, "-x", "1")
          .assertSentence(
              "the agent went into another JVM with the pid and the /tmp of JVM 1, and was released there; give each JVM");
      assertThat(InProcess.run("status", one.pid()).out())
          .contains("first")
          .doesNotContain("default");
      assertUnharmed(one, two);
    }
  }

  /** The control files of the wrong JVM are invisible to the launcher. */
  @Test
  void aPlanThatIsNotWhereItWasSentIsSaid() throws Exception {
    String hidden = "D=/tmp/allocmem_root; mkdir -p $D && mount -t tmpfs -o mode=700 tmpfs $D";
    List<String> hiding = new ArrayList<>(Inside.containerWithTmp(shared));
    hiding.addAll(List.of("sh", "-ec", hidden + " && exec \"$@\"", "sh"));
    Inside.assume(hiding, NEWEST);
    try (Target one = Target.startBy(hiding, NEWEST);
        Target two = start()) {
      letBothListen(one, two);
      String ownTmp = "mount -t proc proc /proc && mount -t tmpfs tmpfs /tmp && exec \"$@\"";
      List<String> by = within(two);
      by.addAll(List.of("unshare", "--mount", "sh", "-ec", ownTmp, "sh"));
      Cli.runBy(by, NEWEST, Cli.JAR, "attach", 1, "-x", "1")
          .assertSentence(
              "the agent accepted, but JVM 1 does not hold plan default: another JVM with its pid and /tmp may; allocmem list shows where");
      assertThat(InProcess.run("list").out()).contains(one.pid() + " ", "default: HOLDING 1 MiB");
      assertThat(InProcess.run("release", one.pid()).code()).isZero();
      assertUnharmed(one, two);
    }
  }

  /**
   * Lets both JVMs listen in turn; the file of the first is removed in between, as by a cleaned
   * {@code /tmp}.
   */
  private void letBothListen(Target one, Target two) throws IOException {
    assertThat(Cli.run("attach", two.pid(), "-x", "1").code()).isZero();
    assertThat(InProcess.run("release", two.pid()).code()).isZero();
    Files.delete(shared.resolve(".java_pid1"));
    Cli attached = Cli.run("attach", one.pid(), "-x", "1", "-n", "first");
    assertThat(attached.code()).as(attached.out()).isZero();
  }

  private Target start() {
    return Target.startBy(Inside.containerWithTmp(shared), NEWEST);
  }

  /** Runs a command in the pid namespace and in these further namespaces of the target. */
  private static List<String> within(Target target, String... namespaces) {
    List<String> command = new ArrayList<>(List.of("nsenter", "--target=" + target.pid(), "--pid"));
    command.addAll(List.of(namespaces));
    return command;
  }

  private static void assertUnharmed(Target... targets) throws IOException {
    for (Target target : targets) {
      assertThat(target.ask("hello")).as("and no thread dump").isEqualTo("echo hello");
      assertThat(new LinuxProcess(target.pid()).pidInside()).isEqualTo(1);
    }
  }
}
