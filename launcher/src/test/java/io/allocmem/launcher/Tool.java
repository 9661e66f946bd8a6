package io.allocmem.launcher;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A tool of a JDK: what it prints. */
final class Tool {
  private Tool() {}

  static String run(Jdk jdk, String tool, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(jdk.home().resolve("bin/" + tool).toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
