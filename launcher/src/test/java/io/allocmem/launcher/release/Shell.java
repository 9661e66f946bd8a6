package io.allocmem.launcher.release;

import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Programs of the machine, run in a directory, with their exit code and output. */
final class Shell {
  private Shell() {}

  /** Runs a program; stdout and stderr come together. */
  static Cli run(Path directory, Object... command) {
    return run(directory, Map.of(), command);
  }

  /** Runs a program with further variables of the environment. */
  static Cli run(Path directory, Map<String, String> environment, Object... command) {
    String[] words = Stream.of(command).map(Object::toString).toArray(String[]::new);
    try {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.directory(directory.toFile()).environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Cli(process.waitFor(), out);
    } catch (IOException e) {
      return new Cli(127, e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tells if the machine has the program. */
  static boolean has(String program) {
    return run(Path.of("."), "sh", "-c", "command -v " + program).code() == 0;
  }
}
