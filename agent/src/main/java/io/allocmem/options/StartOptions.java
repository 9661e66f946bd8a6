package io.allocmem.options;

import io.allocmem.plan.Preflight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options at the start of a JVM, from the command line, the environment, and the files named by
 * both. The order is HotSpot's order: of options with the same name, the last counts.
 *
 * <p>A flag changed at run time (possible for HeapDumpOnOutOfMemoryError) is not visible here.
 */
public final class StartOptions {
  /** Environment variables with JVM options, in ascending precedence. */
  public static final List<String> VARIABLES =
      Collections.unmodifiableList(
          Arrays.asList("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));

  private static final String FLAGS_FILE = "-XX:Flags=";
  private static final String OPTIONS_FILE = "-XX:VMOptionsFile=";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgtKMGT]?)[bB]?");

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
   * Composes the options of a JVM in a {@code java} process.
   *
   * @param commandLine command line, beginning with the program
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
   * Composes the options of a JVM in another program than {@code java}. The program passes options
   * of its choice to the JVM. Words on the command line that look like options may be JVM options.
   * A JDK tool puts {@code -J} before such options.
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

  /**
   * Returns options that the JVM itself lists.
   *
   * @param unread sources that the list lacks
   */
  public static StartOptions listed(List<String> options, List<String> unread) {
    return new StartOptions(Collections.<String>emptyList(), options, "", unread);
  }

  private static StartOptions of(
      List<String> arguments, Map<String, String> environment, String main, SourceFiles files) {
    List<String> given = new ArrayList<>();
    addExpanded(variable(environment, "JAVA_TOOL_OPTIONS"), given, files);
    addExpanded(arguments, given, files);
    addExpanded(variable(environment, "_JAVA_OPTIONS"), given, files);
    return new StartOptions(settings(given, files), given, main, files.unread());
  }

  /**
   * Returns the variables that HotSpot 8 uses: a variable too long for the buffer is ignored
   * (arguments.cpp).
   */
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

  /** Returns the flags of the last flags file: HotSpot reads only this file, before all options. */
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

  /** Returns all options. */
  public List<String> options() {
    List<String> options = new ArrayList<>(settings);
    options.addAll(arguments);
    return options;
  }

  /** Returns the flags of the {@code -XX:Flags} file, which come first. */
  public List<String> settings() {
    return settings;
  }

  /** Returns all options except the flags of the {@code -XX:Flags} file. */
  public List<String> arguments() {
    return arguments;
  }

  /** Returns the main class, module or jar; empty if the command line has none. */
  public String main() {
    return main;
  }

  /**
   * Returns the sources that could not be read, named by their options: more options may be in
   * effect.
   */
  public List<String> unread() {
    return unread;
  }

  /**
   * Returns the flags, as written, and the agents that make an OutOfMemoryError harmful to this
   * JVM.
   */
  public List<String> fatal() {
    List<String> fatal = new ArrayList<>();
    for (String flag : Preflight.FATAL_FLAGS) {
      addNew(Preflight.fatalOption(flag, flag(flag)), fatal);
    }
    for (String option : options()) {
      String agent = FatalAgents.loadedBy(option);
      addNew(agent == null ? null : "the agent " + agent, fatal);
    }
    return fatal;
  }

  private static void addNew(String fatal, List<String> to) {
    if (fatal != null && !to.contains(fatal)) {
      to.add(fatal);
    }
  }

  /** Returns true if the last setting of the flag is {@code -XX:+}; false without a setting. */
  public boolean isOn(String flag) {
    return flag(flag).equals("true");
  }

  /** Returns true if the last setting of the flag is {@code -XX:-}; false without a setting. */
  public boolean isOff(String flag) {
    return flag(flag).equals("false");
  }

  /** Returns the value of a flag, true or false for a flag without value; empty if not given. */
  public String flag(String flag) {
    String value = "";
    for (String option : options()) {
      if (option.equals("-XX:+" + flag) || option.equals("-XX:-" + flag)) {
        value = String.valueOf(option.charAt(4) == '+');
      } else if (option.startsWith("-XX:" + flag + "=")) {
        value = option.substring(option.indexOf('=') + 1);
      }
    }
    return value;
  }

  /** Returns the bytes of the last option with a given prefix; -1 if none. */
  public long size(String... prefixes) {
    Matcher size = SIZE.matcher(value(prefixes).orElse(""));
    if (!size.matches()) {
      return -1;
    }
    int shift = 10 * " kmgt".indexOf((size.group(2) + " ").toLowerCase(Locale.ROOT).charAt(0));
    long number = Long.parseLong(size.group(1));
    return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
  }

  /** Returns the value of the last option with a given prefix, without the prefix. */
  public Optional<String> value(String... prefixes) {
    String last = null;
    for (String option : options()) {
      for (String prefix : prefixes) {
        last = option.startsWith(prefix) ? option.substring(prefix.length()) : last;
      }
    }
    return Optional.ofNullable(last);
  }
}
