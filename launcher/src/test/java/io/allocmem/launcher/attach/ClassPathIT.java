package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OpenFiles;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.AgentJar;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Class path of an application that searches for missing classes during attaches. Eight rounds in
 * each build, fifty with {@code -Plong}.
 */
class ClassPathIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int ROUNDS = Boolean.getBoolean("allocmem.test.long") ? 50 : 8;

  private static final List<String> AREAS = List.of("heap", "native", "mapped", "direct");

  /** Rounds until each area had a plan: JDK 26 starts a thread with the first direct buffer. */
  private static final int FIRST = AREAS.size();

  private static final String ALWAYS = "searching";
  private static final String PLANTED = "planted.Class";

  /** State of the application, after a collection. */
  private record Left(OpenFiles files, String urls, String manifests, int threads) {
    static Left in(Target target) throws IOException {
      Awaitility.await().until(() -> !target.isAnyThread("allocmem-"));
      int threads = Integer.parseInt(target.ask("used").split(" ")[2]); // collects
      return new Left(
          OpenFiles.settled(target), target.ask("urls"), target.ask("manifests"), threads);
    }

    String counts() {
      return "%d files, %d sockets, %d mapped files, %d URLs, %d manifests, %d threads"
          .formatted(
              files.paths().size(),
              files.sockets(),
              files.mapped().size(),
              words(urls).size(),
              words(manifests).size(),
              threads);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void roundsLeaveNoDescriptorAndOneUrl(Jdk jdk) throws IOException {
    try (Target target = start(jdk)) {
      target.ask("search " + ALWAYS);
      Left before = Left.in(target);
      rounds(target, FIRST);
      Left early = Left.in(target);
      rounds(target, ROUNDS - FIRST);
      OpenFiles.awaitSame(target, early.files);
      Left late = Left.in(target);
      System.out.printf(
          "%s: %d rounds beside a search: before %s; round %d: %s; round %d: %s%n",
          jdk, ROUNDS, before.counts(), FIRST, early.counts(), ROUNDS, late.counts());
      assertThat(late).isEqualTo(early);
      assertThat(late.files.sockets() - before.files.sockets())
          .as("the JVM listens, and JDK 8 to 17 keep a socket once a file is locked")
          .isLessThanOrEqualTo(jdk.version() > 17 ? 1 : 2);
      assertThat(late.threads - before.threads)
          .as("Attach Listener, and from JDK 26 on a thread of the buffers")
          .isLessThan(3);
      assertThat(late.files.ours()).isEmpty();
      assertThat(late.files.paths()).isEqualTo(before.files.paths());
      assertThat(late.manifests).isEqualTo(before.manifests);
      assertThat(words(late.urls)).hasSize(words(before.urls).size() + 1);
    }
  }

  private static void rounds(Target target, int count) throws IOException {
    for (int number = 0; number < count; number++) {
      Plans.attach(target, "x=1,a=" + AREAS.get(number % AREAS.size()));
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
    }
  }

  private static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of("a /tmp of the JVM's own", Inside.privateTmp()),
        Arguments.of("a JVM of another user", Inside.NOBODY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aJarInTheTmpOfTheJvmHasOnePath(String place, List<String> by) throws IOException {
    Inside.assume(by, NEWEST);
    try (Target target = Target.startBy(by, NEWEST, options(NEWEST))) {
      List<String> before = words(target.ask("urls"));
      for (int round = 0; round < FIRST; round++) {
        Cli attached = Cli.run("attach", target.pid(), "-x", "1", "-a", "native");
        assertThat(attached.code()).as(attached.out()).isZero();
        Plans.await(target, Phase.HOLDING);
        Plans.release(target);
      }
      List<String> after = new ArrayList<>(words(target.ask("urls")));
      after.removeAll(before);
      assertThat(after).singleElement().asString().startsWith("file:/tmp/allocmem-");
      target.ask("used"); // collects
      assertThat(OpenFiles.of(target).ours()).isEmpty();
    }
  }

  /**
   * The application searches after the attach, and another user has made a file with the name of
   * the agent's jar. The door is there already, so nothing has searched in the new jar.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void aFileWithTheNameOfARemovedJarIsNeverLoaded(Jdk jdk) throws IOException {
    List<Path> planted = new ArrayList<>();
    try (Target target = start(jdk)) {
      rounds(target, 1);
      List<String> before = words(target.ask("urls"));
      try (AgentJar otherLauncher = usual(target)) {
        assertThat(otherLauncher.path()).exists();
        rounds(target, 1);
      }
      List<String> after = words(target.ask("urls"));
      assertThat(after).hasSize(before.size() + 1).containsAll(before);
      for (String url : after) {
        if (url.endsWith(".jar") && url.contains("/agent-")) {
          planted.add(plant(Path.of(url.substring("file:".length()))));
        }
      }
      assertThat(planted).hasSize(2);
      assertThat(target.ask("find " + PLANTED)).isEqualTo("missing");
    } finally {
      for (Path jar : planted) {
        Files.delete(jar);
      }
    }
  }

  private static Path plant(Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(PLANTED.replace('.', '/') + ".class"));
      out.write(1); // loading fails with an error of another kind
    }
    return jar;
  }

  /**
   * An attach was given up after the JVM had appended the path, and the application has searched
   * there. The class loader never looks at this path again.
   */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void aPathThatTheClassLoaderHasGivenUpIsReplaced(Jdk jdk) throws IOException {
    try (Target target = start(jdk)) {
      try (AgentJar givenUp = usual(target)) {
        assertThat(target.ask("append " + givenUp.path())).isEqualTo("appended");
      }
      assertThat(target.ask("find " + PLANTED)).isEqualTo("missing");
      rounds(target, 2);
      assertThat(words(target.ask("urls")).stream().filter(url -> url.contains("/agent-")))
          .as("the second attach needs no third path")
          .hasSize(2);
      assertThat(target.err()).containsOnlyOnce("java.lang.ClassNotFoundException");
    }
  }

  private static AgentJar usual(Target target) throws IOException {
    return AgentJar.createFor(new LinuxProcess(target.pid()), false);
  }

  private static Target start(Jdk jdk) {
    return Target.start(jdk, options(jdk));
  }

  /** Returns the options for the application's own look into the class loader. */
  private static String[] options(Jdk jdk) {
    return jdk.version() < 9
        ? new String[0]
        : new String[] {"--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED"};
  }

  private static List<String> words(String text) {
    return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }
}
