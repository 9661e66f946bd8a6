package io.allocmem.launcher.process;

import io.allocmem.options.StartOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names a JVM: by its main class, module or jar, or by the program that made the JVM. */
final class MainName {
  /** Options of jsvc whose value is the next argument (jsvc's arguments.c). */
  private static final Set<String> JSVC_WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "-jvm",
          "-home",
          "-java-home",
          "-user",
          "-cwd",
          "-outfile",
          "-errfile",
          "-pidfile",
          "-procname",
          "-wait",
          "-restarts",
          "-umask");

  private MainName() {}

  /**
   * The name; {@code ?} when the process cannot be read, empty when nothing says it.
   *
   * @param jdk feature version; 0 when not known
   */
  static String of(LinuxProcess process, int jdk) {
    List<String> line = process.commandLine();
    if (line.isEmpty()) {
      return "?";
    }
    OptionSources sources = new OptionSources(process);
    if (!sources.isLauncher()) {
      return ofHost(process, sources.program(), line);
    }
    StartOptions composed = sources.composed(jdk);
    return composed.unread().isEmpty() ? composed.main() : written(process).orElse(composed.main());
  }

  /** A tool of a JDK tells the JVM its main class, jsvc has it in its command line. */
  private static String ofHost(LinuxProcess process, String program, List<String> line) {
    String named = program.startsWith("jsvc") ? ofJsvc(line) : "";
    return named.isEmpty() ? written(process).orElse(program) : named;
  }

  private static String ofJsvc(List<String> line) {
    for (int i = 1; i < line.size(); i++) {
      if (JSVC_WITH_VALUE.contains(line.get(i))) {
        i++;
      } else if (!line.get(i).startsWith("-")) {
        return line.get(i);
      }
    }
    return "";
  }

  /** As the JVM knows it, in a text that the main class begins. */
  private static Optional<String> written(LinuxProcess process) {
    return PerfData.of(process.pid())
        .map(data -> data.text("sun.rt.javaCommand"))
        .map(command -> command.split(" ", 2)[0])
        .filter(name -> !name.isEmpty());
  }
}
