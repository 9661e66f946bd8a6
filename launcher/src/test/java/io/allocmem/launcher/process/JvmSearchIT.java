package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.process.JvmSearch.Found;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search for JVMs finds new processes, and old processes with a new program. */
class JvmSearchIT {
  private static final String JAVA = Jdks.all().get(0).java();

  /** Starts a shell that becomes a JVM at the first line. */
  private static Process shell(Path jar) throws Exception {
    List<String> become = List.of("sh", "-c", "read line && exec \"$@\"", "sh");
    List<String> java = List.of(JAVA, "-Xmx16m", "-jar", jar.toString());
    return new ProcessBuilder(Stream.concat(become.stream(), java.stream()).toList()).start();
  }

  @Test
  void aShellThatBecomesAJvmIsFoundWhileItLives(@TempDir Path directory) throws Exception {
    Path jar = directory.resolve("late-" + UUID.randomUUID() + ".jar");
    Jars.makeApplication(jar);
    Process process = shell(jar);
    try {
      // without the time for new processes, only the new program shows the JVM
      JvmSearch search = new JvmSearch(jvm -> jvm.isNamed(jar.getFileName().toString()), 0);
      assertThat(search.next()).isEmpty();
      process.outputWriter().append("begin\n").flush();
      process.inputReader().readLine();
      TimeUnit.SECONDS.sleep(1); // interval of looks at programs
      Awaitility.await().until(() -> search.next().size() == 1);
      assertThat(search.next()).containsExactly(Found.of(process.pid()));
      process.destroyForcibly().waitFor();
      assertThat(search.next()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aJvmThatAnswersLateIsFoundByALaterLook(@TempDir Path directory) throws Exception {
    Path jar = directory.resolve("slow-" + UUID.randomUUID() + ".jar");
    Jars.makeApplication(jar);
    Process process = new ProcessBuilder(JAVA, "-Xmx16m", "-jar", jar.toString()).start();
    AtomicInteger looks = new AtomicInteger();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
      // without the time for new processes, only the late answer leads to another look
      JvmSearch search =
          new JvmSearch(
              jvm -> jvm.isNamed(jar.getFileName().toString()) && isLateAtFirst(looks), 0);
      assertThat(search.next()).isEmpty();
      Awaitility.await().until(() -> search.next().size() == 1);
      assertThat(search.next()).containsExactly(Found.of(process.pid()));
      assertThat(looks).hasValue(2);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The time limit of a look interrupts the first call. */
  private static boolean isLateAtFirst(AtomicInteger looks) {
    if (looks.incrementAndGet() == 1) {
      LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
    }
    return true;
  }

  @Test
  void aNewJvmIsFoundWithinALookAndTheLauncherNever(@TempDir Path directory) throws Exception {
    Path jar = directory.resolve("new-" + UUID.randomUUID() + ".jar");
    Jars.makeApplication(jar);
    JvmSearch search = new JvmSearch(jvm -> jvm.isNamed(jar.getFileName().toString()));
    assertThat(search.next()).isEmpty();
    Process process = new ProcessBuilder(JAVA, "-Xmx16m", "-jar", jar.toString()).start();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
      assertThat(search.next()).containsExactly(Found.of(process.pid()));
      assertThat(new JvmSearch(jvm -> true).next())
          .contains(Found.of(process.pid()))
          .doesNotContain(Found.of(ProcessHandle.current().pid()));
    } finally {
      process.destroyForcibly();
    }
  }
}
