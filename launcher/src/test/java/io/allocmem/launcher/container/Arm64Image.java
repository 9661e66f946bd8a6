package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.ImageArchive;
import io.allocmem.launcher.fixtures.MainPom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs of the image for linux-arm64 under emulation, in a root directory with nothing but the
 * files of the image and the emulator. Runs with {@code -Pimage} only.
 */
class Arm64Image {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-aarch64-static");

  @TempDir private static Path directory;
  private static Path root;

  @BeforeAll
  static void layRoot() throws Exception {
    assumeThat(System.getProperty("user.name")).as("chroot needs root").isEqualTo("root");
    assumeThat(EMULATOR.toFile()).as("the emulator is missing").exists();
    root = ImageArchive.unpack("arm64", directory).root();
    Files.copy(EMULATOR, root.resolve("emulator"));
  }

  /** The class archive must fit: {@code -Xshare:on} fails where the archive does not. */
  @Test
  void startsOnTheClassArchiveAndTheLibrariesOfTheImage() {
    List<String> words = new ArrayList<>(List.of("/opt/allocmem/lib/runtime/bin/java"));
    words.addAll(ImageArchive.VERSION_BY_CLASS_ARCHIVE);
    Cli version = run(words.toArray(new String[0]));
    assertThat(version.done()).isEqualTo("allocmem %s\n".formatted(MainPom.VERSION));
  }

  /** The JVM with the plan ends when the JVM's stdin does. */
  @Test
  void holdsAPlanWithAFillRatioByTheAgentOfTheImage() throws Exception {
    String agent = "/opt/allocmem/allocmem-agent.jar";
    List<String> command =
        emulated(
            "/opt/allocmem/lib/runtime/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-javaagent:" + agent + "=m=4,x=16,f=0.25",
            "-cp",
            agent,
            "io.allocmem.Alone",
            "/dev/null");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    StringBuilder seen = new StringBuilder();
    for (String line = ""; line != null && !line.contains("limit reached"); ) {
      line = process.inputReader().readLine();
      seen.append(line).append('\n');
    }
    process.getOutputStream().close();
    assertThat(seen).contains("4 blocks, 16 MiB committed, 4 MiB touched, 4 MiB resident");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void hasAShellAndSetpriv() {
    assertThat(run("/bin/busybox", "uname", "-m").done()).isEqualTo("aarch64\n");
    assertThat(run("/usr/bin/setpriv", "--version").done()).contains("util-linux");
  }

  private static Cli run(String... words) {
    return Cli.of(emulated(words), "");
  }

  private static List<String> emulated(String... words) {
    String mounted =
        "r=$1; shift; mount --rbind /proc $r/proc; mount --rbind /dev $r/dev; exec chroot $r /emulator \"$@\"";
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "--mount", "sh", "-ec", mounted, "sh", root.toString()));
    command.addAll(List.of(words));
    return command;
  }
}
