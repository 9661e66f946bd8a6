package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.plan.AreaKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JVM with a security manager, as in search servers before JDK 18: the message names the missing
 * grant.
 */
class SecurityManagerIT {
  private static final String MANAGER = "-Djava.security.manager";
  private static final String CAUSE = "the security manager of this JVM denies the agent";

  @TempDir private Path directory;

  static Stream<Jdk> before18() {
    return Jdks.all().stream().filter(jdk -> jdk.version() < 18);
  }

  @ParameterizedTest
  @MethodSource("before18")
  void aStartUpWithoutAGrantEndsWithTheCause(Jdk jdk) throws InterruptedException {
    try (Target target = Target.launch(jdk, MANAGER, "-javaagent:" + Target.AGENT + "=x=5")) {
      assertThat(target.process().waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
      assertThat(target.process().exitValue()).isEqualTo(2);
      assertThat(target.err()).contains("refused: " + CAUSE, "grant java.security.AllPermission");
    }
  }

  /** The security manager also denies writing the answer. */
  @ParameterizedTest
  @MethodSource("before18")
  void anAttachWithoutAGrantNamesTheCause(Jdk jdk) {
    try (Target target = Target.start(jdk, MANAGER, policy("/classes"))) {
      Cli.run("attach", target.pid(), "-x", "5")
          .assertSentence(
              "gave no answer", "security manager", "grant java.security.AllPermission");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @MethodSource("before18")
  void anAttachWithAGrantWorks(Jdk jdk) {
    try (Target target = Target.start(jdk, MANAGER, policy("/tmp"))) {
      Cli attached = Cli.run("attach", target.pid(), "-x", "5", "-a", AreaKind.NATIVE);
      assertThat(attached.code()).as(attached.out() + target.err()).isZero();
      assertThat(InProcess.run("release", target.pid()).code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  static Stream<Jdk> before24() {
    return Jdks.all().stream().filter(jdk -> jdk.version() < 24);
  }

  /** As a search server: the policy of the application has no grant for the agent's jar. */
  @ParameterizedTest
  @MethodSource("before24")
  void aManagerThatTheApplicationSetsLaterHindersNoArmedAgentAndNoPlan(Jdk jdk) throws IOException {
    String[] options = jdk.version() < 12 ? new String[0] : new String[] {MANAGER + "=allow"};
    try (Target target = Armed.start(jdk, "armed", options)) {
      attach(target, AreaKind.HEAP);
      assertThat(target.ask("manage")).isEqualTo("managed");
      for (AreaKind area : AreaKind.values()) {
        if (area != AreaKind.HEAP) {
          attach(target, area);
        }
      }
      assertThat(InProcess.run("release", target.pid()).done()).doesNotContain("released 0 MiB");
      assertThat(InProcess.run("status", target.pid()).done()).contains("armed: ");
      assertThat(InProcess.run("disarm", target.pid()).done()).contains("disarmed");
      assertThat(target.controlFiles()).isEmpty();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(target.err()).doesNotContain("Exception");
    }
  }

  private static void attach(Target target, AreaKind area) {
    Object[] words = {"attach", target.pid(), "-x", "4", "-m", "2", "-a", area, "-n", area};
    assertThat(InProcess.run(words).done()).contains("2 blocks of 2 MiB");
    assertThat(InProcess.run("wait", target.pid(), "-n", area).done()).contains("HOLDING");
  }

  /** Grants all permissions to code below this directory. */
  private String policy(String granted) {
    try {
      Path policy = directory.resolve("policy");
      Files.writeString(
          policy,
          "grant codeBase \"file:%s/-\" { permission java.security.AllPermission; };"
              .formatted(granted));
      return "-Djava.security.policy=" + policy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
