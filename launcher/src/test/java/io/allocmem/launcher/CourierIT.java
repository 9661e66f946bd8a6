package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Root attaches to JVMs of other users. What it lends to those users meanwhile is nothing: all
 * processes of theirs are looked at, again and again, while it does.
 */
class CourierIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int TIMES = Boolean.getBoolean("allocmem.test.long") ? 50 : 2;
  private static final String NONE = "0000000000000000";

  private static Stream<Arguments> others() {
    return Stream.of(
        Arguments.of("another user", Inside.NOBODY),
        Arguments.of("a user namespace of that user's", Inside.userContainer()),
        Arguments.of("users that root has mapped", Inside.mappedContainer()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("others")
  void noProcessOfThatUserHasWhatIsRoots(String who, List<String> by) throws Exception {
    Inside.assume(by, NEWEST);
    Inside.assumeJarsAreReadable(Inside.NOBODY);
    assumeThat(Path.of("/usr/bin/script")).exists();
    try (Target target = Target.startBy(by, NEWEST)) {
      Watcher watcher = new Watcher(target.pid());
      CompletableFuture<Void> watching = CompletableFuture.runAsync(watcher);
      for (int time = 0; time < TIMES; time++) {
        String attached = withTerminal("attach", target.pid(), "-x", "1", "-n", "p" + time);
        assertThat(attached).contains("plan p" + time + " in JVM " + target.pid());
      }
      watcher.done.set(true);
      watching.get();
      assertThat(watcher.seen).as("processes that were looked at").isGreaterThanOrEqualTo(TIMES);
      assertThat(watcher.found).isEmpty();
      assertThat(Cli.run("release", target.pid()).code()).isZero();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** As kubectl debug leaves it; some kernels show more to those with other capabilities. */
  private static final List<String> WITHOUT_TRACING =
      List.of(
          "setpriv",
          "--bounding-set=-sys_ptrace,-sys_admin,-cap_38",
          "--inh-caps=-sys_ptrace,-sys_admin,-cap_38");

  private static final List<String> NOT_DUMPABLE =
      Stream.concat(
              Inside.NOBODY.stream(),
              Stream.of("--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"))
          .toList();

  private static Stream<Arguments> closed() {
    return Stream.of(
        Arguments.of("another user", Inside.NOBODY, Jdks.all().get(0)),
        Arguments.of("another user's container", Inside.nobodysContainer(), NEWEST));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("closed")
  void rootWithoutTheRightToTraceDoesAllByThatUser(String who, List<String> by, Jdk jdk)
      throws IOException {
    Inside.assume(by, jdk);
    try (Target target = Target.startBy(by, jdk)) {
      Object pid = target.pid();
      assertThat(untraced("attach", pid, "-x", "5", "--lease", "60s"))
          .contains("plan default in JVM " + pid + ": 5 blocks of 1 MiB");
      Plans.await(target, Phase.HOLDING);
      assertThat(untraced("list"))
          .containsPattern("(?m)^" + pid + " .*TargetApplication +default: HOLDING 5 MiB");
      assertThat(untraced("check", pid)).contains("attach            possible", "HOLDING 5 MiB");
      assertThat(untraced("status", pid)).contains("HOLDING", "TargetApplication");
      assertThat(untraced("pause", pid)).contains("plan default in JVM " + pid + ": PAUSED");
      assertThat(untraced("resume", pid)).contains("plan default in JVM " + pid);
      assertThat(untraced("renew", pid)).isEmpty();
      assertThat(untraced("release", pid)).contains("released 5 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  void whatIsClosedToItsOwnUserIsSaid() throws IOException {
    Inside.assume(NOT_DUMPABLE, NEWEST);
    try (Target target = Target.startBy(NOT_DUMPABLE, NEWEST)) {
      String sentence =
          "%d (uid:gid 65534:65534) cannot be reached from here (uid:gid 0:0, no right to trace it)"
              .formatted(target.pid());
      for (String command : List.of("attach", "status", "release")) {
        Object[] more = command.equals("attach") ? new Object[] {"-x", "1"} : new Object[0];
        Object[] words = Stream.concat(Stream.of(command, target.pid()), Stream.of(more)).toArray();
        Cli.runBy(WITHOUT_TRACING, NEWEST, Cli.JAR, words).assertSentence(sentence);
      }
      assertThat(untraced("list"))
          .containsPattern("(?m)^" + target.pid() + " +nobody +\\? +Target");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** With that right, root does all with a JVM that is not dumpable: /proc/PID is root's there. */
  @Test
  void aJvmThatIsNotDumpableIsItsUsers() throws IOException {
    Inside.assume(NOT_DUMPABLE, NEWEST);
    try (Target target = Target.startBy(NOT_DUMPABLE, NEWEST)) {
      Object pid = target.pid();
      assertThat(Cli.run("attach", pid, "-x", "5").out()).contains("5 blocks of 1 MiB");
      Plans.await(target, Phase.HOLDING);
      assertThat(Cli.run("list").out())
          .containsPattern("(?m)^" + pid + " +nobody .*Target.* +default: HOLDING 5 MiB");
      assertThat(Cli.run("check", pid).out()).contains("user              nobody");
      assertThat(Cli.run("status", pid).out()).contains("HOLDING");
      assertThat(Cli.run("release", pid).out()).contains("released 5 MiB");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static String untraced(Object... words) {
    Cli done = Cli.runBy(WITHOUT_TRACING, NEWEST, Cli.JAR, words);
    assertThat(done.code()).as(done.out()).isZero();
    return done.out();
  }

  /** As a person runs it: with a terminal, and an environment with secrets. */
  private static String withTerminal(Object... words) throws IOException {
    StringBuilder line = new StringBuilder(NEWEST.java() + " -jar " + Cli.JAR);
    for (Object word : words) {
      line.append(' ').append(word);
    }
    ProcessBuilder script = new ProcessBuilder("script", "-qec", line.toString(), "/dev/null");
    script.environment().put("SECRET", "of root's");
    Process process = script.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Looks at all processes of the target's user that were not there before. */
  private static final class Watcher implements Runnable {
    final AtomicBoolean done = new AtomicBoolean();
    final Set<String> found = new TreeSet<>();
    int seen;

    private final String uid;
    private final Set<Path> before;
    private final Set<Path> looked = new TreeSet<>();

    Watcher(long target) throws IOException {
      uid = field(Files.readString(Path.of("/proc/" + target + "/status")), "Uid").split("\t")[1];
      before = processes();
    }

    @Override
    public void run() {
      while (!done.get()) {
        for (Path process : processes()) {
          if (!before.contains(process)) {
            look(process);
          }
        }
      }
    }

    private static Set<Path> processes() {
      try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
        return new TreeSet<>(
            entries.filter(p -> p.getFileName().toString().matches("\\d+")).toList());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void look(Path process) {
      try {
        String status = read(process, "status");
        if (!List.of(field(status, "Uid").split("\t")).contains(uid)) {
          return;
        }
        if (looked.add(process)) {
          seen++;
        }
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
          expect(field(status, set).equals(NONE), process, set + " " + field(status, set));
        }
        String stat = read(process, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        expect(fields[4].equals("0"), process, "a terminal");
        expect(read(process, "environ").isEmpty(), process, "an environment");
        expectOwnSession(process, Long.parseLong(fields[3]));
        expect(!hasThread(process, "Attach Listener"), process, "an attach listener");
        lookAtFiles(process);
      } catch (IOException ended) {
        return;
      }
    }

    /** Its session began with it, or with the one that it came from. */
    private void expectOwnSession(Path process, long session) throws IOException {
      String leader = read(Path.of("/proc/" + session), "status");
      expect(List.of(field(leader, "Uid").split("\t")).contains(uid), process, "root's session");
    }

    private static boolean hasThread(Path process, String name) throws IOException {
      try (Stream<Path> threads = Files.list(process.resolve("task"))) {
        for (Path thread : threads.toList()) {
          if (read(thread, "comm").strip().equals(name)) {
            return true;
          }
        }
        return false;
      }
    }

    private void lookAtFiles(Path process) throws IOException {
      List<Path> descriptors;
      try (Stream<Path> open = Files.list(process.resolve("fd"))) {
        descriptors = open.toList();
      }
      for (Path descriptor : descriptors) {
        String file = Files.readSymbolicLink(descriptor).toString();
        boolean standard = Integer.parseInt(descriptor.getFileName().toString()) < 3;
        boolean pipe = file.startsWith("pipe:");
        expect(standard ? pipe : isOpenToThatUser(descriptor), process, "open: " + file);
      }
      try (Stream<Path> data = Files.list(Path.of("/tmp"))) {
        String name = process.getFileName().toString();
        List<Path> own = data.filter(p -> p.toString().contains("hsperfdata_")).toList();
        expect(own.stream().noneMatch(p -> Files.exists(p.resolve(name))), process, "perf data");
      }
    }

    /**
     * A JVM opens many files when it starts; what that user may open anyway is nothing of root's.
     */
    private boolean isOpenToThatUser(Path descriptor) throws IOException {
      Map<String, Object> file = Files.readAttributes(descriptor, "unix:mode,uid");
      boolean readableByAll = ((Integer) file.get("mode") & 0004) != 0;
      return readableByAll || Integer.toUnsignedString((Integer) file.get("uid")).equals(uid);
    }

    private void expect(boolean met, Path process, String what) throws IOException {
      if (!met) {
        found.add(what + " in a process " + read(process, "comm").strip());
      }
    }

    private static String read(Path process, String file) throws IOException {
      return new String(Files.readAllBytes(process.resolve(file)), StandardCharsets.ISO_8859_1);
    }

    private static String field(String status, String name) {
      return status
          .lines()
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }
}
