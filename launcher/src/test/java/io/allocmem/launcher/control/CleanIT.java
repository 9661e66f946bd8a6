package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.Phase;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Files of killed JVMs, and their removal. Runs as a user without a name: the command must not
 * remove files of other tests.
 */
@Isolated
class CleanIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String USER = "54321";
  private static final List<String> AS_USER =
      List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");
  private static final Path DIRECTORY = ControlDirectory.of(USER);

  @BeforeEach
  void asRoot() throws IOException {
    assumeThat(System.getProperty("user.name"))
        .as("only root can start a process of another user")
        .isEqualTo("root");
    removeDirectory();
  }

  @AfterEach
  void removeDirectory() throws IOException {
    if (Files.isDirectory(DIRECTORY, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> files = Files.list(DIRECTORY)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(DIRECTORY);
    }
  }

  @Test
  void whatAKilledJvmLeftIsListedAndRemovedAndALivingPlanStays() throws Exception {
    try (Target living = hold("alive");
        Target killed = hold("dead")) {
      Path kept = DIRECTORY.resolve(living.pid() + ".alive");
      Path left = DIRECTORY.resolve(killed.pid() + ".dead");
      kill(killed);
      String what = "plan dead of a JVM that is dead, pid " + killed.pid();

      assertThat(cli("list").out()).contains("LEFT OVER", left.toString(), what).contains("alive:");
      assertThat(cli("clean", "--dry-run").out())
          .isEqualTo("would remove %s (%s)%n".formatted(left, what));
      assertThat(left).exists();
      assertThat(cli("clean")).isEqualTo(new Cli(0, "removed %s (%s)%n".formatted(left, what)));
      assertThat(left).doesNotExist();
      assertThat(kept).exists();
      assertThat(cli("list").out()).doesNotContain("LEFT OVER").contains("alive:");
      assertThat(cli("clean")).isEqualTo(new Cli(0, "nothing is left over%n".formatted()));
      assertThat(cli("release", living.pid()).code()).isZero();
      Awaitility.await().until(() -> Files.notExists(kept));
    }
  }

  @Test
  void whatIsNotOursStaysAndIsNamed() throws IOException {
    Path precious = Files.createTempFile("precious-", "");
    try {
      makeDirectory();
      Path link = Files.createSymbolicLink(DIRECTORY.resolve("1.link"), precious);
      Path foreign = create("notes.txt", 0);
      Path empty = create("2.empty", 100);
      Path stolen = create("agent-3.jar", 100);
      Files.setAttribute(stolen, "unix:uid", 65534);
      assertThat(cli("clean").out())
          .contains("skipped: " + link + " is a link, which is never followed")
          .contains("skipped: " + foreign + " was not created by allocmem: unknown name")
          .contains("skipped: " + empty + " was not created by allocmem: no control file")
          .contains("skipped: " + stolen + " belongs to another user than its directory")
          .contains("nothing is left over");
      assertThat(List.of(foreign, empty, stolen, precious)).allMatch(Files::exists);
      assertThat(link).isSymbolicLink();
    } finally {
      Files.delete(precious);
    }
  }

  @Test
  void jarsAndLibrariesAreLeftOverAfterAMinute() throws IOException {
    makeDirectory();
    Path inUse = create("agent-1.jar", 5);
    List<Path> old =
        List.of(
            create("agent-2.jar", 100),
            create("agent-2.jar.answer", 100),
            create("pages-3.so", 100));
    assertThat(cli("clean").out().lines()).hasSize(3).allMatch(line -> line.startsWith("removed "));
    assertThat(old).noneMatch(Files::exists);
    assertThat(inUse).exists();
  }

  @Test
  void aDirectoryThatAllCanWriteIsPassedOver() throws Exception {
    try (Target target = hold("alive")) {
      Files.setPosixFilePermissions(DIRECTORY, PosixFilePermissions.fromString("rwxrwxrwx"));
      String why = DIRECTORY + " can be written by others than its owner: chmod 700 it";
      Cli status = cli("status", target.pid());
      assertThat(status.code()).as(status.out()).isZero();
      assertThat(status.out()).contains("skipped: " + why, "no plan is held");
      assertThat(cli("release", target.pid()).out()).contains("skipped: " + why);
      assertThat(cli("clean").out()).contains("skipped: " + why);
      Cli wait = cli("wait", target.pid(), "--for", "RELEASED");
      assertThat(wait.code()).as(wait.out()).isEqualTo(1);
      assertThat(wait.out()).contains("a plan may be held in " + target.pid() + ", but " + why);
    }
  }

  @Test
  void aControlFileThatSomebodyPlantedIsPassedOverAndNotWritten() throws Exception {
    Path precious = Files.createTempFile("precious-", "");
    try (Target target = Target.startBy(AS_USER, NEWEST)) {
      makeDirectory();
      Path planted = DIRECTORY.resolve(target.pid() + ".default");
      Files.createSymbolicLink(planted, precious);
      assertPassedOver(target, planted + " is a link, which is never followed: remove it");
      Files.delete(planted);
      // the file belongs to root, and control files of root are trusted
      Files.createLink(planted, precious);
      assertPassedOver(target, planted + " is a hard link to a file that has another name as well");
      assertThat(precious).isEmptyFile();
    } finally {
      Files.delete(precious);
    }
  }

  private static void assertPassedOver(Target target, String why) {
    assertThat(cli("status", target.pid()).out()).contains("skipped: " + why, "no plan is held");
    Cli released = cli("release", target.pid());
    assertThat(released.code()).isEqualTo(1);
    assertThat(released.out()).contains("skipped: " + why);
    Cli attached = cli("attach", target.pid(), "-x", "1");
    assertThat(attached.code()).isEqualTo(1);
    assertThat(attached.out()).contains("refused: " + why);
    assertThat(target.ask("hello")).as("and no thread dump").isEqualTo("echo hello");
  }

  /** Simulates a reused pid: the control file gets the name of the new process. */
  @Test
  void aPlanOfAnEarlierProcessWithThisPidIsNotThisOnes() throws Exception {
    try (Target killed = hold("default");
        Target next = Target.startBy(AS_USER, NEWEST)) {
      Path file = DIRECTORY.resolve(killed.pid() + ".default");
      kill(killed);
      assertThat(cli("status", killed.pid()).out()).contains("DEAD");
      Path renamed = Files.move(file, DIRECTORY.resolve(next.pid() + ".default"));
      assertThat(cli("status", next.pid()))
          .isEqualTo(new Cli(0, "no plan is held in %d%n".formatted(next.pid())));
      for (String command : List.of("pause", "resume", "release")) {
        assertThat(cli(command, next.pid()).out()).contains("no plan is held in " + next.pid());
      }
      assertThat(cli("list").out()).contains("LEFT OVER", renamed.toString());
      Cli attached = cli("attach", next.pid(), "-x", "1");
      assertThat(attached.code()).as(attached.out()).isZero();
      assertThat(cli("status", next.pid()).out()).contains("HOLDING");
    }
  }

  private static Target hold(String name) throws IOException {
    String agent = "-javaagent:" + Target.AGENT + "=x=5,n=" + name;
    Target target = Target.startBy(AS_USER, NEWEST, agent);
    Awaitility.await().until(() -> Plans.status(target, name), held -> isHolding(held));
    return target;
  }

  private static boolean isHolding(Status status) {
    return status != null && status.phase == Phase.HOLDING;
  }

  private static void kill(Target target) throws InterruptedException {
    assertThat(target.process().destroyForcibly().waitFor(Patience.seconds(10), TimeUnit.SECONDS))
        .isTrue();
  }

  private static Cli cli(Object... arguments) {
    return Cli.runBy(AS_USER, NEWEST, Cli.JAR, arguments);
  }

  private static void makeDirectory() throws IOException {
    Files.createDirectory(DIRECTORY);
    Files.setPosixFilePermissions(DIRECTORY, PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(DIRECTORY, "unix:uid", Integer.parseInt(USER));
  }

  private static Path create(String name, long secondsAgo) {
    try {
      Path file = Files.writeString(DIRECTORY.resolve(name), "something");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.setAttribute(file, "unix:uid", Integer.parseInt(USER));
      long millis = System.currentTimeMillis() - TimeUnit.SECONDS.toMillis(secondsAgo);
      Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
