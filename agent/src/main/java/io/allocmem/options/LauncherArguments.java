package io.allocmem.options;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Arguments of the java launcher before a JVM exists (libjli, args.c). The words of an
 * {@code @argfile} replace the option, up to the main class and not within another
 * {@code @argfile}.
 */
final class LauncherArguments {
  /** Options with the next argument as value (java.c, IsWhiteSpaceOption). */
  private static final Set<String> WITH_VALUE =
      new HashSet<>(
          Arrays.asList(
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
              "--source"));

  private static final String MODULE = "--module=";

  private final List<String> options = new ArrayList<>();
  private final SourceFiles files;
  private boolean expands;
  private boolean expectsValue;
  private String main;

  /**
   * @param expands false for JDK 8: its launcher does not know argument files
   */
  LauncherArguments(SourceFiles files, boolean expands) {
    this.files = files;
    this.expands = expands;
  }

  void addAll(List<String> arguments) {
    for (String argument : arguments) {
      add(argument);
    }
  }

  private void add(String argument) {
    boolean named = expands && main == null && argument.length() > 1 && argument.charAt(0) == '@';
    if (!named) {
      look(argument);
    } else if (argument.charAt(1) == '@') {
      look(argument.substring(1));
    } else {
      for (String word : ArgumentFile.words(files.read(argument, argument.substring(1)))) {
        look(word);
      }
    }
  }

  private void look(String argument) {
    if (main != null) {
      return; // arguments of the application
    }
    boolean isOption = argument.startsWith("-");
    if (argument.startsWith(MODULE)) {
      main = argument.substring(MODULE.length());
    } else if (!isOption && !expectsValue) {
      main = argument;
    } else {
      options.add(argument);
    }
    expectsValue = isOption && WITH_VALUE.contains(argument);
    expands &= !argument.equals("--disable-@files");
  }

  /** Returns the options, including options of the launcher itself. */
  List<String> options() {
    return options;
  }

  /** Returns the main class, module or jar; empty if the arguments have none. */
  String main() {
    return main == null ? "" : main;
  }
}
