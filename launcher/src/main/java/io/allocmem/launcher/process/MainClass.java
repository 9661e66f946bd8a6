package io.allocmem.launcher.process;

import java.util.List;
import java.util.Set;

/** Finds the main class, module or jar in a {@code java} command line. */
final class MainClass {
  /** Options of the java launcher whose value is the next argument (man page java(1)). */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--add-exports",
          "--add-opens",
          "--add-reads",
          "--patch-module",
          "--limit-modules",
          "--enable-native-access",
          "--describe-module",
          "-d",
          "--source");

  private MainClass() {}

  /** The main class, module or jar; empty when the line does not say. */
  static String of(List<String> commandLine) {
    for (int i = 1; i < commandLine.size(); i++) {
      String argument = commandLine.get(i);
      boolean named = Set.of("-jar", "-m", "--module").contains(argument);
      if (named) {
        return i + 1 < commandLine.size() ? commandLine.get(i + 1) : "";
      }
      if (argument.startsWith("--module=")) {
        return argument.substring("--module=".length());
      }
      if (WITH_VALUE.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-") && !argument.startsWith("@")) {
        return argument;
      }
    }
    return "";
  }
}
