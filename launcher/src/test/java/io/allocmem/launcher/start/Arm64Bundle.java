package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.ForeignJdk;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.MainPom;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built bundle for linux-arm64 under emulation, beside an emulated JVM. Runs with {@code
 * -Pbundle} only.
 */
class Arm64Bundle {
  private static final Path BUNDLE = Path.of("target/allocmem-linux-arm64.tar.gz");

  @TempDir private static Path directory;
  private static Path allocmem;

  /** Puts a command that starts the emulator in the place of the bundle's java. */
  @BeforeAll
  static void unpack() throws IOException {
    ForeignJdk.assumeArm64();
    assumeThat(BUNDLE).as("ALLOCMEM_ARM64_ROOT was not set").exists();
    Cli.of(List.of("tar", "xzf", BUNDLE.toString(), "-C", directory.toString()), "").done();
    Path home = directory.resolve("allocmem-linux-arm64");
    allocmem = home.resolve("bin/allocmem");
    Path java = home.resolve("lib/runtime/bin/java");
    Path emulated = Files.move(java, java.resolveSibling("java-arm64"));
    String command =
        "#!/bin/sh\nexec %s %s %s \"$@\"\n"
            .formatted(ForeignJdk.emulator(), emulated, ForeignJdk.STARTS_PROGRAMS_OF_HERE);
    Files.writeString(java, command);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Cli run(Object... arguments) {
    List<String> words = new ArrayList<>(List.of(allocmem.toString()));
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return Cli.of(words, "");
  }

  @Test
  void saysItsVersion() {
    assertThat(run("--version").done()).isEqualTo("allocmem %s\n".formatted(MainPom.VERSION));
  }

  /** The agent is armed first: the emulator translates the agent's code outside of a time limit. */
  @Test
  void attachesToAnEmulatedJvmAndShowsAndReleasesThePlan() {
    Jdk jdk = ForeignJdk.arm64().reduce((older, newer) -> newer).orElseThrow();
    try (Target target = Armed.start(jdk, "armed", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")) {
      Object pid = target.pid();
      assertThat(InProcess.run("disarm", pid).done()).contains("disarmed");
      untilDone("attach", pid, "-x", 8, "-f", 0.25, "--if-absent");
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT))
          .isBetween(2L << 20, (2L << 20) + 8 * 2 * 4096);
      assertThat(run("status", pid).done()).contains("HOLDING", "TargetApplication", "8 MiB");
      // the look at a JVM ends after 1.5 s, which can be too short here: a row may have "?"
      assertThat(run("list").done()).containsPattern("(?m)^" + pid + " ");
      assertThat(run("release", pid).done()).contains("released 8 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** On a busy machine, an emulated JVM can be late for an answer. */
  private static void untilDone(Object... arguments) {
    Awaitility.await("success of " + List.of(arguments))
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .untilAsserted(() -> run(arguments).done());
  }
}
