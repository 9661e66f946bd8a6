package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built bundle, unpacked elsewhere, where there is no JDK. Run with {@code -Pbundle} only. */
@EnabledIfSystemProperty(named = "allocmem.test.bundle", matches = "true")
class BundleIT {
  @TempDir static Path root;
  private static Path home;

  @BeforeAll
  static void unpack() throws Exception {
    File[] built = new File("target").listFiles((dir, name) -> name.endsWith(".tar.gz"));
    assertThat(built).hasSize(1);
    assertThat(run("tar", "xzf", built[0], "-C", root).code()).isZero();
    home = root.resolve(built[0].getName().replace(".tar.gz", ""));
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

  @Test
  void startsOnNothingButTheCLibraryAndAShell() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "chroot needs root");
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
    String inside = "/" + home.getFileName() + "/bin/allocmem";
    // java finds its own libraries through /proc; the mount ends with its namespace
    String mounted = "mount -t proc proc $0/proc && exec chroot $0 $1 --version";
    assertThat(run("unshare", "--mount", "sh", "-c", mounted, root, inside))
        .isEqualTo(new Cli(0, "allocmem 0.1.0\n"));
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
    assertThat(run(link, "--version")).isEqualTo(new Cli(0, "allocmem 0.1.0\n"));
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.Jdks#all")
  void attachesToEachJdk(Jdk jdk) throws Exception {
    Path allocmem = home.resolve("bin/allocmem");
    try (Target target = Target.start(jdk)) {
      for (String command : List.of("attach", "status", "release")) {
        List<Object> words = new ArrayList<>(List.of(allocmem, command, target.pid()));
        if (command.equals("attach")) {
          words.addAll(List.of("-x", "10"));
        }
        Cli said = run(words.toArray());
        assertThat(said.code()).as(said.out()).isZero();
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "check", "attach", "status", "pause", "resume", "release", "run"})
  void hasAManPageForEachCommand(String command) throws Exception {
    assertThat(home.resolve("share/man/man1/allocmem-" + command + ".1"))
        .content()
        .contains("allocmem " + command, "\\-\\-verbose");
    assertThat(home.resolve("share/bash-completion/completions/allocmem"))
        .content()
        .contains("--verbose", command);
  }
}
