package io.allocmem.launcher.process;

import io.allocmem.options.StartOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names a JVM by main class, module or jar, or by the program that created the JVM. */
final class MainName {
  /** Options of jsvc with the next argument as value (jsvc's arguments.c). */
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
   * Returns the name; {@code ?} if the process is unreadable, empty if no source has the name.
   *
   * @param jdk feature version; 0 if unknown
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

  /** A JDK tool passes its main class to the JVM; jsvc has the main class in its command line. */
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

  /** Returns the main class from the JVM's own command text: the main class comes first. */
  private static Optional<String> written(LinuxProcess process) {
    return PerfData.of(process.pid())
        .map(data -> data.text("sun.rt.javaCommand"))
        .map(command -> command.split(" ", 2)[0])
        .filter(name -> !name.isEmpty());
  }
}
