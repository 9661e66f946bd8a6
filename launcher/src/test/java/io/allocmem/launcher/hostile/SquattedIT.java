package io.allocmem.launcher.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OpenFiles;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Start-up plan without the usual control directory: another user occupies the name, or {@code
 * /tmp} takes no files.
 */
@Timeout(120)
class SquattedIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String PLAN = "-javaagent:" + Target.AGENT + "=x=20,f=0.25";
  private static final String AS_NOBODY = String.join(" ", Inside.NOBODY) + " ";

  private static final String PRIVATE =
      """
      mount -t tmpfs -o mode=1777,size=1m tmpfs /tmp
      mount -t tmpfs -o mode=1777 tmpfs /dev/shm
      """;

  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of("a directory of nobody's", AS_NOBODY + "mkdir /tmp/allocmem_root", "/tmp/"),
        Arguments.of("a link of nobody's", AS_NOBODY + "ln -s /etc /tmp/allocmem_root", "/tmp/"),
        Arguments.of("a pipe of nobody's", AS_NOBODY + "mkfifo /tmp/allocmem_root", "/tmp/"),
        Arguments.of("one that its group writes", "mkdir -m 775 /tmp/allocmem_root", "/tmp/"),
        Arguments.of(
            "each name that can be guessed",
            AS_NOBODY
                + "mkdir /tmp/allocmem_root /tmp/allocmem_0 $(seq -f /tmp/allocmem_root-%g 0 99)",
            "/tmp/"),
        Arguments.of("a read-only /tmp", "mount -o remount,ro /tmp", "/dev/shm/"),
        Arguments.of("a full /tmp", "head -c 2m /dev/zero > /tmp/full || true", "/dev/shm/"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void thePlanRunsAndIsFoundAndReleased(String what, String preparation, String place)
      throws IOException {
    List<String> by = by(preparation);
    Inside.assume(by, NEWEST);
    try (Target target = Target.startBy(by, NEWEST, PLAN)) {
      // an array that begins within a page touches an additional page
      assertThat(Plans.await(target, Phase.HOLDING).get(Reading.RESIDENT))
          .isBetween(5L << 20, (5L << 20) + 20 * 4096);
      assertThat(openIn(target)).singleElement().asString().startsWith(place + "allocmem_root");
      assertThat(InProcess.run("list").out()).contains(Long.toString(target.pid()));
      Cli released = InProcess.run("release", target.pid());
      assertThat(released.code()).as(released.out()).isZero();
      assertThat(OpenFiles.of(target).paths()).noneMatch(path -> path.contains("random"));
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
  }

  /** Returns the control files that a JVM has open. */
  private static List<String> openIn(Target target) throws IOException {
    List<String> links = new ArrayList<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/" + target.pid() + "/fd"))) {
      for (Path descriptor : open.toList()) {
        String link = Files.readSymbolicLink(descriptor).toString();
        if (link.endsWith(".default")) {
          links.add(link);
        }
      }
    }
    return links;
  }

  @Test
  void whereNoPlaceServesTheSentenceSaysWhatWasTried() throws Exception {
    List<String> java =
        new ArrayList<>(by("mount -o remount,ro /tmp; mount -o remount,ro /dev/shm"));
    Inside.assume(java, NEWEST);
    java.addAll(List.of(NEWEST.java(), PLAN));
    Process process = Target.applicationBy(java).redirectErrorStream(true).start();
    assertThat(process.waitFor(Patience.seconds(30), TimeUnit.SECONDS)).isTrue();
    assertThat(new String(process.getInputStream().readAllBytes()))
        .contains("[allocmem] refused: no directory for the plan's files (/tmp: Read-only file")
        .contains("; /dev/shm: Read-only file system)");
    assertThat(process.exitValue()).isEqualTo(2);
  }

  private static List<String> by(String preparation) {
    return List.of(
        "unshare", "--mount", "sh", "-ec", PRIVATE + preparation + "\nexec \"$@\"", "sh");
  }
}
