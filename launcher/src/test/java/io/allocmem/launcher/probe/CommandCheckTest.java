package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands of the shell as checks, and what the commands leave: nothing. */
class CommandCheckTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private static String failure(String command, Duration within) throws InterruptedException {
    try (CommandCheck check = new CommandCheck(command, 4711, within)) {
      return check.failure();
    }
  }

  /** Writes its pid, and stays. */
  private String stays(String name) {
    return "sh -c 'echo $$ >%s; exec sleep 99'".formatted(directory.resolve(name));
  }

  private ProcessHandle awaitProcess(String name) {
    Path file = directory.resolve(name);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElse(null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertGone(String name) {
    ProcessHandle left = awaitProcess(name);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> left == null || !left.isAlive());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "true => ",
        "test $ALLOCMEM_PID = 4711 => ",
        "cat => ",
        "yes | head -c 2000000 => ",
        "exit 7 => 'exit 7' ended with exit code 7",
        "echo a; echo 'b c' >&2; echo; false => ended with exit code 1: b c",
        "printf 'x\\033]0;t\\007y'; exit 1 => ended with exit code 1: x?]0;t?y",
        "yes | head -c 9999999; exit 3 => ended with exit code 3: y",
        "no-such-command => ended with exit code 127: ",
        "kill -KILL $$ => ended with exit code 137",
        "exit 4 # 89 123456789 123456789 123456789 123456789 and on => 12345678...' ended with exit",
      })
  void theExitCodeDecides(String command, String failure) throws Exception {
    String said = failure(command, LONG);
    if (failure == null) {
      assertThat(said).isNull();
    } else {
      assertThat(said).contains(failure.strip());
      assertThat(said.length()).isLessThan(500);
    }
  }

  @Test
  void aLateCommandEndsWithItsChildren() throws Exception {
    String late = failure(stays("one") + " & " + stays("two"), Duration.ofMillis(500));
    assertThat(late).contains("took longer than 500 ms");
    assertGone("one");
    assertGone("two");
  }

  /** The parent of such a process is not the shell any more. */
  @Test
  void aCommandInTimeLeavesNoProcessEither() throws Exception {
    String wait = "while ! test -s %s; do sleep 0.01; done".formatted(directory.resolve("three"));
    assertThat(failure("(" + stays("three") + " &); " + wait, LONG)).isNull();
    assertGone("three");
  }

  @Test
  void anInterruptEndsTheCommand() throws Exception {
    CommandCheck check = new CommandCheck(stays("four"), 1, LONG);
    FutureTask<String> task = new FutureTask<>(check::failure);
    Thread thread = new Thread(task);
    thread.start();
    awaitProcess("four");
    thread.interrupt();
    thread.join(Patience.of(Duration.ofSeconds(5)).toMillis());
    assertThat(thread.isAlive()).isFalse();
    assertGone("four");
    check.close();
  }

  /** A launcher that is pid 1 in its container would collect zombies. */
  @Test
  void aCheckLeavesNoOrphan() throws Exception {
    try (Stream<ProcessHandle> before = ProcessHandle.current().descendants()) {
      long count = before.count();
      for (int i = 0; i < 3; i++) {
        assertThat(failure("true", LONG)).isNull();
      }
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(5)).toSeconds(), TimeUnit.SECONDS)
          .until(() -> ProcessHandle.current().descendants().count() <= count);
    }
  }

  /** A process in another session keeps the output of its check open for as long as it lives. */
  @Test
  void anEndedCheckLeavesNoDescriptor() throws Exception {
    Path left = directory.resolve("left");
    String leaves = "setsid sleep 600 & echo $! >> " + left;
    try {
      assertThat(failure(leaves, LONG)).isNull();
      long before = pipes();
      for (int i = 0; i < 3; i++) {
        assertThat(failure(leaves, LONG)).isNull();
      }
      assertThat(pipes()).isLessThanOrEqualTo(before);
    } finally {
      for (String pid : Files.readAllLines(left)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static long pipes() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(CommandCheckTest::isPipe).count();
    }
  }

  private static boolean isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
    } catch (IOException closed) {
      return false;
    }
  }
}
