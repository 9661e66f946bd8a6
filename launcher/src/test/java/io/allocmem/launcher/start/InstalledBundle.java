package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.MainPom;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Records;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The built bundle, unpacked in a root directory without a JDK. Runs with {@code -Pbundle} only.
 */
class InstalledBundle {
  @TempDir static Path root;
  private static Path home;

  @BeforeAll
  static void unpack() throws Exception {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    String name = "allocmem-linux-" + machine;
    assertThat(run("tar", "xzf", "target/" + name + ".tar.gz", "-C", root).code()).isZero();
    home = root.resolve(name);
  }

  private static Cli run(Object... command) throws Exception {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Cli(process.waitFor(), out);
  }

  /**
   * Makes a root directory with the C library and a shell; {@code /proc} shows the machine's
   * processes.
   */
  @BeforeAll
  static void makeRoot() throws Exception {
    for (Object binary : List.of("/bin/sh", home.resolve("lib/runtime/lib/server/libjvm.so"))) {
      for (String word : run("ldd", binary).out().split("\\s+")) {
        if (word.startsWith("/")) {
          copy(Path.of(word));
        }
      }
    }
    copy(Path.of("/bin/sh"));
    Files.createDirectories(root.resolve("tmp"));
    Files.createDirectories(root.resolve("proc"));
  }

  private static void copy(Path file) throws IOException {
    Path copy = root.resolve(file.toString().substring(1));
    Files.createDirectories(copy.getParent());
    if (!Files.exists(copy)) {
      Files.copy(file.toRealPath(), copy);
    }
  }

  @Test
  void worksThroughALinkAndSaysNothingElse() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("linked"), home.resolve("bin/allocmem"));
    assertThat(run(link, "--version")).isEqualTo(new Cli(0, "allocmem " + MainPom.VERSION + "\n"));
  }

  /** Linked classes take a quarter from the processor time of an attach. */
  @Test
  void itsArchiveHasLinkedClasses() throws Exception {
    Path lib = home.resolve("lib");
    String release = Files.readString(lib.resolve("runtime/release"));
    assumeThat(release).as("JDK 24 or newer").containsPattern("JAVA_VERSION=\"(2[4-9]|[3-9])");
    Cli run =
        run(
            lib.resolve("runtime/bin/java"),
            "-XX:+UseSerialGC",
            "-Xshare:on",
            "-XX:SharedArchiveFile=" + lib.resolve("allocmem.jsa"),
            "-Xlog:aot,cds",
            "-jar",
            lib.resolve("allocmem.jar"),
            "--version");
    assertThat(run.out()).contains("Using AOT-linked classes: true");
    assertThat(run.code()).isZero();
  }

  @Test
  void bringsThePluginOfKubectl() throws Exception {
    assertThat(run(home.resolve("bin/kubectl-allocmem"), "--version"))
        .isEqualTo(new Cli(0, "kubectl allocmem " + MainPom.VERSION + "\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
  void takesNoOptionFromTheEnvironment(String variable) throws Exception {
    assertThat(run("env", variable + "=-Xno-such", home.resolve("bin/allocmem"), "--version"))
        .isEqualTo(new Cli(0, "allocmem " + MainPom.VERSION + "\n"));
  }

  @Test
  void startsOnNothingButTheCLibraryAndAShell() throws Exception {
    assertThat(runInRoot("--version")).isEqualTo(new Cli(0, "allocmem " + MainPom.VERSION + "\n"));
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void attachesFromThereToEachJdkOutside(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      assertThat(runInRoot("attach", target.pid(), "-x", "10", "-a", "native").out())
          .startsWith("plan default in JVM %d: 10 blocks of 1 MiB".formatted(target.pid()));
      Plans.await(target, Phase.HOLDING);
      assertThat(runInRoot("list").out()).contains(target.pid() + " ", "default: HOLDING 10 MiB");
      assertThat(runInRoot("status", target.pid()).out()).contains("HOLDING", "TargetApplication");
      assertThat(runInRoot("release", target.pid()).out()).contains("released 10 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(Files.walk(root.resolve("tmp")).filter(Files::isRegularFile))
          .allMatch(file -> file.endsWith("attach.lock"));
    }
  }

  /**
   * Started without the shell script, the class archive has a path of the jar that leads nowhere.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void attachesAsRootToAnotherUsersJvmWithNothingOfTheBuildLeft(Jdk jdk) throws Exception {
    Inside.assume(Inside.NOBODY, jdk);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Target target = Target.startBy(Inside.NOBODY, jdk)) {
      assertThat(runWithoutTheBuild("attach", target.pid(), "-x", "10", "-a", "native").out())
          .isEqualTo(
              "plan default in JVM %d: 10 blocks of 1 MiB = 10 MiB, 10 MiB touched%nheld until a release%n"
                  .formatted(target.pid()));
      Plans.await(target, Phase.HOLDING);
      assertThat(runWithoutTheBuild("release", target.pid()).out()).contains("released 10 MiB");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Cli runWithoutTheBuild(Object... arguments) throws Exception {
    String hidden = "mount -t tmpfs tmpfs \"$1\"; shift; exec \"$@\"";
    List<Object> words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-ec", hidden, "sh"));
    words.addAll(List.of(Path.of("target").toAbsolutePath(), home.resolve("bin/allocmem")));
    words.addAll(List.of(arguments));
    return run(words.toArray());
  }

  /**
   * Runs the launcher in the root directory. Java finds its libraries through {@code /proc}; the
   * mount ends with its namespace.
   */
  private static Cli runInRoot(Object... arguments) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "chroot needs root");
    String mounted = "r=$1; shift; mount --rbind /proc $r/proc; exec chroot $r \"$@\"";
    List<Object> words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-ec", mounted, "sh"));
    words.addAll(List.of(root, "/" + home.getFileName() + "/bin/allocmem"));
    words.addAll(List.of(arguments));
    return run(words.toArray());
  }

  @Test
  void drawsAChart() throws Exception {
    Records.stairs().writeTo(root.resolve("tmp"));
    Cli made = runInRoot("report", "/tmp/record.jsonl", "-o", "/tmp/chart.svg");
    assertThat(made.code()).as(made.out()).isZero();
    assertThat(root.resolve("tmp/chart.svg")).content().contains("s-committed", "</svg>");
    Files.delete(root.resolve("tmp/record.jsonl"));
    Files.delete(root.resolve("tmp/chart.svg"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list", "check", "attach", "status", "watch", "pause", "resume", "release", "report", "run"
      })
  void hasAManPageForEachCommand(String command) throws Exception {
    assertThat(home.resolve("share/man/man1/allocmem-" + command + ".1"))
        .content()
        .contains("allocmem " + command, "\\-\\-verbose");
    assertThat(home.resolve("share/bash-completion/completions/allocmem"))
        .content()
        .contains("--verbose", command);
  }
}
