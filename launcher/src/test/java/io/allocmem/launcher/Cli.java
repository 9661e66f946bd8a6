package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of the built launcher jar, in a JVM of its own: exit code, stdout and stderr together.
 */
record Cli(int code, String out) {
  static final Path JAR = Path.of("target/allocmem.jar").toAbsolutePath();

  static Cli run(Jdk jdk, Object... arguments) {
    return runBy(List.of(), jdk, JAR, arguments);
  }

  /** The same by a command that becomes the JVM, and with a launcher's jar that a test made. */
  static Cli runBy(List<String> by, Jdk jdk, Path jar, Object... arguments) {
    List<String> command = new ArrayList<>(by);
    command.addAll(List.of(jdk.java(), "-jar", jar.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Cli(process.waitFor(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With the newest JDK there is. */
  static Cli run(Object... arguments) {
    return run(Jdks.launchers().reduce((older, newer) -> newer).orElseThrow(), arguments);
  }

  /** Asserts that it failed with one line that has these parts, and no stack trace. */
  void assertSentence(String... parts) {
    assertThat(code).as(out).isEqualTo(1);
    assertThat(out).startsWith("allocmem: ").contains(parts).doesNotContain("\tat ");
    assertThat(out.lines()).hasSize(1);
  }

  /** The output as one JSON object. */
  Map<String, Object> json() {
    try {
      return JSON.std.mapFrom(out);
    } catch (IOException e) {
      throw new AssertionError(out, e);
    }
  }
}
