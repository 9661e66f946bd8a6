package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tool of a JDK: what it prints. */
final class Tool {
  private Tool() {}

  static String run(Jdk jdk, String tool, Object... arguments) throws IOException {
    return run(jdk.home().resolve("bin/" + tool).toString(), arguments);
  }

  /** A program: what it prints. */
  static String run(String program, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Bytes that native memory tracking says are reserved in that line of its summary. */
  static long reservedByNmt(Jdk jdk, Target target, String line) throws IOException {
    String summary = run(jdk, "jcmd", target.pid(), "VM.native_memory", "summary");
    Matcher found = Pattern.compile(line + " \\(reserved=(\\d+)KB").matcher(summary);
    assertThat(summary).contains("Total: reserved=");
    return found.find() ? Long.parseLong(found.group(1)) << 10 : 0; // a line comes with its memory
  }
}
