package io.allocmem.launcher.process;

import io.allocmem.plan.Preflight;
import io.allocmem.status.ProcessReadings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options that a JVM was started with, from all of their sources; the last of a name wins, as
 * in the JVM. Never asks the JVM: a flag that was changed while it runs (HeapDumpOnOutOfMemoryError
 * can be) is not seen here, and the agent's own look from inside is the one that decides.
 */
public final class JvmOptions {
  /** The variables from which a JVM takes options, the one that wins last. */
  public static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgtKMGT]?)[bB]?");

  private final List<String> options;

  private JvmOptions(List<String> options) {
    this.options = options;
  }

  /**
   * Of a JVM with performance data: that has them all, argument files and environment included, as
   * one text; an option with a blank in it is cut there, which no name of a flag has.
   */
  static JvmOptions of(PerfData data) {
    List<String> options = new ArrayList<>();
    for (String flag : data.text("java.rt.vmFlags").split(" ")) {
      options.add("-XX:" + flag); // from the file of -XX:Flags=, which has no prefix
    }
    options.addAll(List.of(data.text("java.rt.vmArgs").split(" (?=-)")));
    return new JvmOptions(options);
  }

  /** Of a JVM that may have such data. */
  public static JvmOptions of(Optional<PerfData> data, LinuxProcess process) {
    return data.filter(PerfData::hasOptions).map(JvmOptions::of).orElseGet(() -> of(process));
  }

  /** Of a JVM without: as far as the command line and the environment say. */
  private static JvmOptions of(LinuxProcess process) {
    List<String> environment = List.of(process.environment().split("\0"));
    List<String> commandLine = process.commandLine();
    String main = MainClass.of(commandLine);
    List<String> options = new ArrayList<>(variable(environment, "JAVA_TOOL_OPTIONS"));
    options.addAll(variable(environment, "JDK_JAVA_OPTIONS"));
    options.addAll(commandLine.stream().takeWhile(word -> !word.equals(main)).toList());
    options.addAll(variable(environment, "_JAVA_OPTIONS"));
    return new JvmOptions(options);
  }

  private static List<String> variable(List<String> environment, String name) {
    return environment.stream()
        .filter(line -> line.startsWith(name + "="))
        .flatMap(line -> Arrays.stream(line.substring(name.length() + 1).split("\\s+")))
        .toList();
  }

  /** The flags, as they are written, by which an OutOfMemoryError harms this JVM. */
  public List<String> fatal() {
    List<String> fatal = new ArrayList<>();
    for (String flag : Preflight.FATAL_FLAGS) {
      if (isOn(flag)) {
        fatal.add("-XX:+" + flag);
      }
    }
    if (value("-XX:OnOutOfMemoryError=").filter(command -> !command.isEmpty()).isPresent()) {
      fatal.add("-XX:OnOutOfMemoryError");
    }
    return fatal;
  }

  /** Whether it was given, exactly so. */
  public boolean contains(String option) {
    return options.contains(option);
  }

  /** Whether {@code -XX:+} was said of it last; false when neither was. */
  public boolean isOn(String flag) {
    return isLast("-XX:+" + flag, "-XX:-" + flag);
  }

  /** Whether {@code -XX:-} was said of it last; false when neither was. */
  public boolean isOff(String flag) {
    return isLast("-XX:-" + flag, "-XX:+" + flag);
  }

  private boolean isLast(String wanted, String other) {
    return options.lastIndexOf(wanted) > options.lastIndexOf(other);
  }

  /** Bytes, {@link ProcessReadings#UNKNOWN} when none of these prefixes was given. */
  public long size(String... prefixes) {
    Matcher size = SIZE.matcher(value(prefixes).orElse(""));
    if (!size.matches()) {
      return ProcessReadings.UNKNOWN;
    }
    int power = "kmgt".indexOf(size.group(2).toLowerCase(java.util.Locale.ROOT)) + 1;
    return Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : 10 * power);
  }

  private Optional<String> value(String... prefixes) {
    String last = null;
    for (String option : options) {
      for (String prefix : prefixes) {
        last = option.startsWith(prefix) ? option.substring(prefix.length()) : last;
      }
    }
    return Optional.ofNullable(last);
  }
}
