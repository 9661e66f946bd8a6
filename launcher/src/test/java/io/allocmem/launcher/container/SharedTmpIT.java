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

/**
 * Two JVMs that are each process 1 of a container and have one {@code /tmp}: both would listen at
 * one file there. The agent must not get into the other one.
 */
class SharedTmpIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** The {@code /tmp} of both. */
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

      Signal.send("KILL", one.pid()); // the end of its input would let it remove its socket
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

  /** Both listen, and the file is the other one's: from within, nothing shows that. */
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

  /** Where its control files are not seen, the plan cannot be told there. */
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

  /** The one after the other, which its cleaned {@code /tmp} lets go. */
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

  /** In the pid namespace of that target, and in others of its. */
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
