package io.allocmem.launcher.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The lines of the page "Install", as they stand, on the built files. A curl and a sudo of the test
 * stand in for the network and for rights, and a directory for the root directory.
 */
class InstallPageRelease {
  @TempDir private Path machine;

  private static String line(String heading) throws IOException {
    String page = Files.readString(Path.of("docs/install.md"));
    Matcher found =
        Pattern.compile("## " + heading + "\n.*?```sh\n(.*?)\n```", Pattern.DOTALL).matcher(page);
    assertThat(found.find()).as(heading).isTrue();
    return found.group(1).replace("VERSION", Released.VERSION);
  }

  @BeforeEach
  void makeTheMachine() throws IOException {
    for (String folder : new String[] {"stubs", "opt", "usr/local/bin", "work"}) {
      Files.createDirectories(machine.resolve(folder));
    }
    String address = Released.URL + "/releases/latest/download/";
    stub("sudo", "exec \"$@\"");
    stub(
        "curl",
        """
        case $2 in %1$s*) file=%2$s/${2#%1$s} ;; *) echo "no such address: $2" >&2; exit 22 ;; esac
        case $1 in -fsSL) exec cat "$file" ;; -fsSLO) exec cp "$file" . ;; *) exit 2 ;; esac
        """
            .formatted(address, Released.DIRECTORY));
  }

  private void stub(String name, String script) throws IOException {
    Path stub = Files.writeString(machine.resolve("stubs/" + name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Cli run(String line) {
    String moved =
        line.replace("/opt", machine + "/opt").replace("/usr/local", machine + "/usr/local");
    String path = machine.resolve("stubs") + ":" + System.getenv("PATH");
    return Shell.run(machine.resolve("work"), Map.of("PATH", path), "sh", "-c", moved);
  }

  private static Cli version() {
    return new Cli(0, "allocmem %s\n".formatted(Released.VERSION));
  }

  @Test
  void theLineOfTheBundleInstallsTheCommand() throws IOException {
    assertThat(run(line("Bundle"))).isEqualTo(new Cli(0, ""));
    assertThat(run("/usr/local/bin/allocmem --version")).isEqualTo(version());
  }

  /** The package manager resolves the dependencies, and changes nothing. */
  @Test
  void thePackageManagerTakesTheDebianPackage() throws IOException {
    assumeTrue(Shell.has("apt-get"), "there is no apt-get");
    String simulated = line("Debian and Ubuntu").replace("install -y", "install -y --simulate");
    Cli said = run(simulated);
    assertThat(said.code()).as(said.out()).isZero();
    assertThat(said.out()).contains("Inst allocmem (" + Released.VERSION, "0 to remove");
  }

  @Test
  void theLineOfTheJarShowsTheVersion() throws IOException {
    assertThat(run(line("Jar"))).isEqualTo(version());
  }

  @Test
  void theLineOfTheAgentStartsAService() throws IOException {
    Path work = machine.resolve("work");
    Jars.makeApplication(work.resolve("service.jar"));
    String agent = "allocmem-agent-" + Released.VERSION + ".jar";
    Files.copy(Released.file(agent), work.resolve(agent));
    String small = line("Agent from Maven Central").replace("x=2048", "x=100");
    assertThat(small).contains("-javaagent:" + agent + "=m=100");
    Cli ran = run(small + " </dev/null");
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).contains("allocmem");
  }

  @Test
  void theSumsOfTheDownloadsAreChecked() throws IOException {
    run(line("Jar"));
    assertThat(run(line("Check a download"))).isEqualTo(new Cli(0, "allocmem.jar: OK\n"));
    Files.writeString(machine.resolve("work/allocmem.jar"), "another jar");
    Cli checked = run(line("Check a download"));
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.out()).contains("allocmem.jar: FAILED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Image for podman and docker", "Homebrew", "JBang", "Plugin of kubectl"})
  void theFileOfALineThatIsNotRunIsInTheRelease(String heading) throws IOException {
    Matcher address =
        Pattern.compile(Pattern.quote(Released.URL) + "/releases/latest/download/([^ ]+)")
            .matcher(line(heading));
    assertThat(address.find()).isTrue();
    assertThat(Released.file(address.group(1))).isNotEmptyFile();
  }
}
