package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OtherAgent;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Name of the agent's jar in a {@code /tmp} of all users, after an attach without an answer. */
class KeptNameIT {
  /** One of the last classes that the agent loads for each plan, before the plan starts. */
  private static final String LAST_CLASS = "io/allocmem/readings/ProcessReadings";

  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Returns commands with a {@code /tmp} of the JVM's own: an attach by root, and by a courier. */
  private static Stream<List<String>> withOwnTmp() {
    return Stream.of(Inside.privateTmp(), Inside.nobodysContainer());
  }

  /**
   * A JVM may come for the jar after the launcher has given up: in a {@code /tmp} of its own, where
   * others can create files, the name stays taken.
   */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("withOwnTmp")
  void theNameOfTheJarStaysTakenAfterAnAttachWithoutAnswer(List<String> own) throws Exception {
    Inside.assume(own, NEWEST);
    Path late = Files.createTempFile(Path.of("/var/tmp"), "late-", ".jar"); // /tmp is hidden there
    Files.move(OtherAgent.jar("LateAgent"), late, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(late, PosixFilePermissions.fromString("rw-r--r--"));
    try (Target target = Target.startBy(own, NEWEST, "-javaagent:" + late + "=" + LAST_CLASS)) {
      Path tmp = new LinuxProcess(target.pid()).temporary();
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence("JVM %d did not answer within 5 s".formatted(target.pid()));
      try (Stream<Path> left = Files.list(tmp)) {
        assertThat(left.filter(path -> path.getFileName().toString().startsWith("allocmem-")))
            .singleElement()
            .satisfies(path -> assertThat(path).isEmptyFile().hasExtension("jar"));
      }
      Awaitility.await()
          .untilAsserted(() -> assertThat(target.err()).contains("plan default: released "));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    } finally {
      Files.delete(late);
    }
  }
}
