package io.allocmem.options;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The options that a JVM was started with, composed of its command line, its environment and the
 * files that both name: in the order in which HotSpot takes them, so that the last one counts.
 */
public final class StartOptions {
  private static final String FLAGS_FILE = "-XX:Flags=";
  private static final String OPTIONS_FILE = "-XX:VMOptionsFile=";

  private static final int LONGEST_8 = 1023;

  private final List<String> settings;
  private final List<String> arguments;
  private final String main;
  private final List<String> unread;

  private StartOptions(
      List<String> settings, List<String> arguments, String main, List<String> unread) {
    this.settings = settings;
    this.arguments = arguments;
    this.main = main;
    this.unread = unread;
  }

  /**
   * Of a JVM in a {@code java} process.
   *
   * @param commandLine with the program as its first element
   * @param jdk feature version: 8 knows neither argument files nor JDK_JAVA_OPTIONS
   */
  public static StartOptions of(
      List<String> commandLine, Map<String, String> environment, int jdk, OptionFiles files) {
    SourceFiles sources = new SourceFiles(files);
    LauncherArguments arguments = new LauncherArguments(sources, jdk != 8);
    if (jdk != 8) {
      arguments.addAll(variable(environment, "JDK_JAVA_OPTIONS"));
    }
    arguments.addAll(commandLine.subList(Math.min(1, commandLine.size()), commandLine.size()));
    Map<String, String> seen = jdk == 8 ? short8(environment) : environment;
    return of(arguments.options(), seen, arguments.main(), sources);
  }

  /**
   * Of a JVM in a program that is no {@code java}, and passes to the JVM what it likes: maybe what
   * looks like an option on its command line ({@code -J} before it is a JDK tool's).
   */
  public static StartOptions ofHost(
      List<String> commandLine, Map<String, String> environment, OptionFiles files) {
    List<String> arguments = new ArrayList<>();
    for (String word : commandLine) {
      arguments.add(word.startsWith("-J-") ? word.substring(2) : word);
    }
    SourceFiles sources = new SourceFiles(files);
    sources.addUnread("the program's own");
    return of(arguments, environment, "", sources);
  }

  private static StartOptions of(
      List<String> arguments, Map<String, String> environment, String main, SourceFiles files) {
    List<String> given = new ArrayList<>();
    addExpanded(variable(environment, "JAVA_TOOL_OPTIONS"), given, files);
    addExpanded(arguments, given, files);
    addExpanded(variable(environment, "_JAVA_OPTIONS"), given, files);
    return new StartOptions(settings(given, files), given, main, files.unread());
  }

  /** HotSpot 8 ignores a variable that does not fit its buffer (arguments.cpp). */
  private static Map<String, String> short8(Map<String, String> environment) {
    Map<String, String> seen = new HashMap<>();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getValue().getBytes(StandardCharsets.UTF_8).length <= LONGEST_8) {
        seen.put(variable.getKey(), variable.getValue());
      }
    }
    return seen;
  }

  private static List<String> variable(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return OptionText.words(value == null ? "" : value);
  }

  private static void addExpanded(List<String> words, List<String> to, SourceFiles files) {
    for (String word : words) {
      if (word.startsWith(OPTIONS_FILE)) {
        to.addAll(OptionText.words(files.read(word, word.substring(OPTIONS_FILE.length()))));
      } else {
        to.add(word);
      }
    }
  }

  /** HotSpot takes the last such file, before all options. */
  private static List<String> settings(List<String> options, SourceFiles files) {
    String file = null;
    for (String option : options) {
      file = option.startsWith(FLAGS_FILE) ? option.substring(FLAGS_FILE.length()) : file;
    }
    List<String> flags = new ArrayList<>();
    if (file != null) {
      for (String flag : OptionText.settings(files.read(FLAGS_FILE + file, file))) {
        flags.add("-XX:" + flag);
      }
    }
    return flags;
  }

  /** All options, the last of a name being the one that counts. */
  public List<String> options() {
    List<String> options = new ArrayList<>(settings);
    options.addAll(arguments);
    return options;
  }

  /** Those of the file of {@code -XX:Flags}, which come first. */
  public List<String> settings() {
    return settings;
  }

  /** All others. */
  public List<String> arguments() {
    return arguments;
  }

  /** The main class, module or jar; empty when the command line does not say. */
  public String main() {
    return main;
  }

  /** Sources that could not be read, so that more options may be in effect: by their options. */
  public List<String> unread() {
    return unread;
  }
}
