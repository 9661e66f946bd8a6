package io.allocmem.launcher.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.NeighbourFiles;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JVMs of another user in that user's containers. Their files are made to block or end root's
 * commands or to print through these commands. Each command ends soon, with an answer or a
 * sentence, and covers the honest JVM.
 */
@Isolated
class NeighbourIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String USER = "54321";
  private static final String AS_USER = "setpriv --reuid=54321 --regid=54321 --clear-groups ";
  private static final String PLAN = "-javaagent:" + Target.AGENT + "=x=5";

  /**
   * Time limit of a command: the command's own limit is two seconds; the machine runs other tests.
   */
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final String CONTAINER =
      """
      mount -t tmpfs -o mode=1777 tmpfs /tmp
      release() { mount --bind /tmp/release %s/release; }
      """
          .formatted(NEWEST.home());

  /** Hostile file beside libjvm.so, or hostile name of the JVM. */
  private enum Kind {
    FIFO("mkfifo -m 666 /tmp/release; release"),
    BAD_ESCAPE("echo 'JAVA_VERSION=\"\\uXYZ!\"' > /tmp/release; release"),
    TITLE("printf 'JAVA_VERSION=\"17\\033]0;title\\007\\2332J\"\\n' > /tmp/release; release"),
    ENDLESS("truncate -s 1T /tmp/release; release"),
    JAR("cp " + Target.CLASSES + "/evil.jar \"$EVIL\"; set -- \"$1\" -jar \"$EVIL\""),
    FILES("");

    private final String preparation;

    Kind(String preparation) {
      this.preparation = preparation;
    }

    private List<String> by() {
      return container(preparation, AS_USER);
    }
  }

  private static final Map<Kind, Target> HOSTILE = new EnumMap<>(Kind.class);
  private static Target honest;

  private static List<String> container(String preparation, String asUser) {
    String script = CONTAINER + preparation + "\nexec " + asUser + "\"$@\"";
    String evil = "EVIL=/tmp/" + NeighbourFiles.EVIL + ".jar";
    return List.of(
        "env",
        "LC_ALL=C.UTF-8",
        evil,
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--mount-proc",
        "--kill-child",
        "sh",
        "-ec",
        script,
        "sh");
  }

  @BeforeAll
  static void begin() throws Exception {
    Inside.assume(container("", AS_USER), NEWEST);
    assumeThat(NEWEST.home().resolve("release")).exists();
    Path evil = Target.CLASSES.resolve("evil.jar");
    Jars.makeApplication(evil);
    Files.setPosixFilePermissions(evil, PosixFilePermissions.fromString("rw-r--r--"));
    honest = Target.start(NEWEST, PLAN);
    for (Kind kind : Kind.values()) {
      HOSTILE.put(kind, Target.startBy(kind.by(), NEWEST, PLAN));
    }
    Plans.await(honest, Phase.HOLDING);
    Plans.await(HOSTILE.get(Kind.FILES), Phase.HOLDING);
    NeighbourFiles.createFor(HOSTILE.get(Kind.FILES));
  }

  @AfterAll
  static void end() {
    HOSTILE.values().forEach(Target::close);
    if (honest != null) {
      honest.close();
    }
  }

  @Test
  void listHasARowForEachAndTheHonestOneInIt() {
    String out = tell("list").out();
    assertThat(out)
        .containsPattern("(?m)^%d .*TargetApplication +default: HOLDING".formatted(honest.pid()));
    for (Map.Entry<Kind, Target> hostile : HOSTILE.entrySet()) {
      assertThat(out)
          .as(hostile.getKey().toString())
          .containsPattern("(?m)^%d +1 +54321 ".formatted(hostile.getValue().pid()));
    }
    for (Kind kind : List.of(Kind.FIFO, Kind.ENDLESS)) {
      assertThat(out)
          .containsPattern(
              "(?m)^%d +1 +54321 +54321:\\d+ +\\? +Tar".formatted(HOSTILE.get(kind).pid()));
    }
    assertThat(out).contains("default: HOLDING 5 MiB");
    assertThat(tell("list", "--json").out()).contains("\"pid\":" + honest.pid());
  }

  @ParameterizedTest
  @EnumSource
  void aCommandAboutOneEndsWithAnAnswer(Kind kind) {
    String pid = Long.toString(HOSTILE.get(kind).pid());
    assertThat(tell("status", pid).code()).isZero();
    assertThat(tell("check", pid).out()).contains("JVM " + pid, "attach            possible");
    assertThat(tell("check", pid, "-x", "1", "-n", "other").code()).isZero();
    assertThat(tell("attach", pid, "-x", "1", "-n", "other").out()).contains("plan other");
    if (kind != Kind.JAR) {
      assertThat(tell("pause", pid, "-n", "default").out()).contains("PAUSED");
    }
    assertThat(tell("renew", pid, "-n", "other").code()).isZero();
    assertThat(tell("release", pid, "-n", "other").out()).contains("released 1 MiB");
    assertThat(HOSTILE.get(kind).ask("hello")).isEqualTo("echo hello");
  }

  @Test
  void whatItsFilesSayIsPrintedAsText() {
    String pid = Long.toString(HOSTILE.get(Kind.FILES).pid());
    String out = tell("status", pid).out();
    assertThat(out).containsPattern("(?m)^default +[A-Z]+ +heap ").contains("plan alie: ");
    assertThat(tell("status", pid, "--json").out()).contains("\"name\":\"default\"");
  }

  /** Inside the container, root reads these files directly. */
  @Test
  void cleanInThereEndsAndLeavesAPlanThatLives() {
    Target target = HOSTILE.get(Kind.FILES);
    List<String> inside =
        List.of("nsenter", "--target=" + target.pid(), "--mount", "--pid", "--root");
    for (String word : List.of("list", "clean")) {
      long start = System.nanoTime();
      Cli done = Cli.runBy(inside, NEWEST, Cli.JAR, word);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Patience.of(SOON));
      assertThat(done.code()).isZero();
      assertPlain(done.out());
    }
    assertThat(
            new LinuxProcess(target.pid()).temporary().resolve("allocmem_" + USER + "/1.default"))
        .exists();
  }

  /**
   * A plan that exists only as a control file never answers; the release of the real plan must not
   * wait for this answer.
   */
  @Test
  void aReleaseOfAllReachesThePlanBehindOneThatDoesNotAnswer() throws Exception {
    assumeThat(Boolean.getBoolean("allocmem.test.long")).as("takes ten seconds").isTrue();
    try (Target target = Target.startBy(Kind.FILES.by(), NEWEST, PLAN)) {
      Plans.await(target, Phase.HOLDING);
      NeighbourFiles.createFor(target);
      Cli released = Cli.run("release", target.pid());
      assertThat(released.code()).isEqualTo(3);
      assertThat(released.out())
          .contains("plan default in JVM %d: released 5 MiB".formatted(target.pid()))
          .contains("plan alie in %d has not answered for 10 s".formatted(target.pid()));
      assertPlain(released.out());
    }
  }

  /**
   * A process beside the JVM replaces the answer file, as the container's root or as another user.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", AS_USER})
  @Timeout(60)
  void anAnswerThatBecomesAPipeIsNotWaitedFor(String asUser) {
    String swap =
        """
        %ssh -c 'while :; do for f in /tmp/allocmem-*.jar.answer; do
          [ -f "$f" ] && rm -f "$f" && mkfifo "$f"
        done; done' </dev/null >/dev/null 2>&1 &
        """
            .formatted(asUser);
    List<String> by = container(swap, asUser);
    try (Target target = Target.startBy(by, NEWEST)) {
      String pid = Long.toString(target.pid());
      Cli attached = tell(Duration.ofSeconds(15), "attach", pid, "-x", "1");
      if (attached.code() != 0) {
        attached.assertSentence(pid);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static Cli tell(String... words) {
    return tell(SOON, words);
  }

  private static Cli tell(Duration limit, String... words) {
    long start = System.nanoTime();
    Cli told = InProcess.run((Object[]) words);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(took).as(String.join(" ", words)).isLessThan(Patience.of(limit));
    assertPlain(told.out());
    assertThat(told.out()).doesNotContain("Exception", "\tat ");
    return told;
  }

  private static void assertPlain(String out) {
    assertThat(out)
        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
        .doesNotContainPattern("(?m)^1 +root +forged");
  }
}
