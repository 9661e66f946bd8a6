package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds a C file of the tests with a JDK's headers; skips the test where there is no compiler. */
final class Gcc {
  private Gcc() {}

  static Path build(Jdk jdk, String source, Path to, String... options) throws Exception {
    assumeThat(runs(List.of("gcc", "--version"))).as("gcc is here").isTrue();
    Path include = jdk.home().resolve("include");
    assumeThat(include.resolve("jvmti.h")).as("headers").isRegularFile();
    List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-I" + include));
    command.addAll(List.of("-I" + include.resolve("linux"), "-o", to.toString()));
    command.add("src/test/resources/" + source);
    command.addAll(List.of(options));
    assertThat(runs(command)).as(command.toString()).isTrue();
    return to;
  }

  private static boolean runs(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean done = process.waitFor() == 0;
      if (!done) {
        System.out.println(said);
      }
      return done;
    } catch (IOException missing) {
      return false;
    }
  }
}
