package io.allocmem.launcher.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stderr as a full pipe without reads, as with a log shipper that hangs. */
@Timeout(60)
@SuppressWarnings("try") // the open reader is never used
class DeafStderrIT {
  private static final int PIPE_BYTES = 1 << 16;
  private static final String FILLED =
      "exec 2>\"$0\"; head -c " + PIPE_BYTES + " /dev/zero >&2; exec \"$@\"";
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  private static final Pattern NOTICE =
      Pattern.compile(
          "\\[allocmem\\] plan default: (\\d+) log lines were dropped: stderr did not take them");

  @TempDir private Path directory;
  private Path pipe;

  @BeforeEach
  void makePipe() throws Exception {
    pipe = directory.resolve("stderr");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
  }

  /** Opens the pipe for reading and writing: the pipe has a reader, but nothing reads. */
  private RandomAccessFile reader() throws IOException {
    return new RandomAccessFile(pipe.toFile(), "rw");
  }

  private Target start(Jdk jdk, String... options) {
    return Target.startBy(List.of("sh", "-c", FILLED, pipe.toString()), jdk, options);
  }

  private static String agent(String arguments) {
    return "-javaagent:" + Target.AGENT + "=" + arguments;
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aLeaseAndADurationEndInTime(Jdk jdk) throws Exception {
    for (String end : List.of("lease=2s", "d=1s")) {
      try (RandomAccessFile nobodyReads = reader();
          Target target = start(jdk, agent("x=200,a=native,l," + end))) {
        Plans.awaitNoControlFile(target, Duration.ofSeconds(15));
        assertThat(target.ask("alive")).isEqualTo("echo alive");
      }
    }
  }

  /** The JVM option silences warnings that JDK 21 and newer print in the thread Attach Listener. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void attachReturnsAndJcmdAnswers(Jdk jdk) throws Exception {
    String[] options =
        jdk.version() < 21 ? new String[0] : new String[] {"-XX:+EnableDynamicAgentLoading"};
    try (RandomAccessFile nobodyReads = reader();
        Target target = start(jdk, options)) {
      Cli attached = Cli.run("attach", target.pid(), "-x", "200", "-a", "native", "-l");
      assertThat(attached.code()).as(attached.out()).isZero();
      assertThat(Tool.run(jdk, "jcmd", target.pid(), "VM.version")).contains("JDK");
      awaitDropped(target);
      for (String command : List.of("pause", "resume")) {
        Cli obeyed = Cli.run(command, target.pid());
        assertThat(obeyed.code()).as(obeyed.out()).isZero();
      }
      Cli refused = Cli.run("attach", target.pid(), "-x", "5", "-a", "native");
      assertThat(refused.out()).contains("refused: plan default is held here already");
      assertThat(Tool.run(jdk, "jcmd", target.pid(), "VM.version")).contains("JDK");
      Cli released = InProcess.run("release", target.pid());
      assertThat(released.code()).as(released.out()).isZero();
      Plans.awaitNoControlFile(target);
      Plans.attach(target, "x=20,a=native"); // the writer of the first log still waits
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      assertThat(target.ask("alive")).isEqualTo("echo alive");
    }
  }

  /** A busy machine may not have taken enough blocks yet. */
  private static void awaitDropped(Target target) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(InProcess.run("status", target.pid()).out())
                    .containsPattern(
                        "plan default: \\d+ log lines were dropped: stderr did not take them"));
  }

  @Test
  void onceItIsReadTheLogGoesOnAndSaysHowManyLinesAreMissing() throws Exception {
    try (RandomAccessFile reader = reader();
        Target target = start(NEWEST, agent("x=200,a=native,l"))) {
      Plans.await(target, Phase.HOLDING);
      reader.readFully(new byte[PIPE_BYTES]); // the initial filling
      StringBuilder log = new StringBuilder();
      Thread shipper = new Thread(() -> readAll(reader, log));
      shipper.setDaemon(true);
      shipper.start();
      Awaitility.await()
          .untilAsserted(() -> assertThat(said(log)).as("start, 200 blocks, limit").isEqualTo(202));
      assertThat(text(log)).containsPattern(NOTICE);
      assertThat(InProcess.run("pause", target.pid()).code()).isZero();
      Awaitility.await().until(() -> text(log).contains("[allocmem] plan default: paused by "));
      target.close();
    }
  }

  /** Returns the number of log lines, including the lines reported as dropped. */
  private static long said(StringBuilder log) {
    long lines = text(log).lines().filter(line -> !NOTICE.matcher(line).matches()).count();
    return lines
        + NOTICE.matcher(text(log)).results().mapToLong(n -> Long.parseLong(n.group(1))).sum();
  }

  private static void readAll(RandomAccessFile reader, StringBuilder log) {
    byte[] bytes = new byte[4096];
    try {
      while (true) {
        int read = reader.read(bytes);
        synchronized (log) {
          log.append(new String(bytes, 0, Math.max(0, read), StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static String text(StringBuilder log) {
    synchronized (log) {
      return log.toString();
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aRefusedStartEndsTheJvmAllTheSame(Jdk jdk) throws Exception {
    try (RandomAccessFile nobodyReads = reader()) {
      List<String> java = List.of("sh", "-c", FILLED, pipe.toString(), jdk.java(), agent("x=lots"));
      Process process = Target.applicationBy(java).start();
      assertThat(process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
    }
  }
}
