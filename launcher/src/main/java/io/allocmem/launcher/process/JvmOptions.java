package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.options.FatalAgents;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.Preflight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Start options of a JVM from all sources. As in the JVM, the last option of a name wins.
 *
 * <p>Reads files only, never the JVM. A flag changed at run time (possible for
 * HeapDumpOnOutOfMemoryError) is therefore not visible here. The check of the agent inside the JVM
 * decides.
 */
public final class JvmOptions {
  /** Environment variables with JVM options, in ascending precedence. */
  public static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgtKMGT]?)[bB]?");

  /** HotSpot cuts a text in performance data at this length, unless a flag sets another length. */
  private static final int LONGEST_TEXT = 1023;

  private static final String OTHER_LENGTH = "-XX:PerfMaxStringConstLength=";

  private final List<String> options;
  private final List<String> unread;
  private final String agent;

  private JvmOptions(List<String> options, List<String> unread, String agent) {
    this.options = options;
    this.unread = unread;
    this.agent = agent;
  }

  /** Returns the options of a JVM, with or without performance data. */
  public static JvmOptions of(Optional<PerfData> data, LinuxProcess process) {
    OptionSources sources = new OptionSources(process);
    String agent = LinuxProcess.isSupported() ? sources.fatalAgent() : null;
    Optional<PerfData> written = data.filter(PerfData::hasOptions);
    if (written.isPresent() && !isCut(written.get())) {
      return of(written.get(), agent);
    }
    StartOptions composed = sources.composed(JdkVersion.feature(process));
    if (written.isEmpty()) {
      return new JvmOptions(composed.options(), composed.unread(), agent);
    }
    return confirmed(written.get(), composed, sources.isLauncher(), agent);
  }

  /** Returns the options of a JVM with complete options in the performance data. */
  static JvmOptions of(PerfData data, String agent) {
    return new JvmOptions(said(data), List.of(), agent);
  }

  private static boolean isCut(PerfData data) {
    return Stream.of("java.rt.vmArgs", "java.rt.vmFlags")
        .map(data::text)
        .anyMatch(
            text ->
                text.getBytes(StandardCharsets.UTF_8).length >= LONGEST_TEXT
                    || text.contains(OTHER_LENGTH));
  }

  /**
   * Returns all options, including those from argument files and environment, from one text. An
   * option with a blank is cut at the blank; no flag name has a blank.
   */
  private static List<String> said(PerfData data) {
    List<String> options = new ArrayList<>(saidSettings(data));
    options.addAll(words(data.text("java.rt.vmArgs")));
    return options;
  }

  /** Returns the settings from the file of -XX:Flags=, where flags have no prefix. */
  private static List<String> saidSettings(PerfData data) {
    String flags = data.text("java.rt.vmFlags");
    return flags.isEmpty() ? List.of() : List.of(("-XX:" + flags.replace(" ", " -XX:")).split(" "));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" (?=-)"));
  }

  /** Completes cut performance data with the composed options, if both begin alike. */
  private static JvmOptions confirmed(
      PerfData data, StartOptions composed, boolean launched, String agent) {
    List<String> unread = new ArrayList<>(composed.unread());
    boolean alike =
        beginsWith(composed.settings(), saidSettings(data))
            && beginsWith(composed.arguments(), words(data.text("java.rt.vmArgs")));
    if (!alike || !launched) {
      unread.add("those beyond %d bytes".formatted(LONGEST_TEXT));
    }
    List<String> all = said(data);
    all.addAll(composed.options());
    return new JvmOptions(all, unread, agent);
  }

  /**
   * Allows a few extra options at the start: a runtime made by {@code jlink --add-options} puts its
   * own options first.
   */
  private static boolean beginsWith(List<String> composed, List<String> said) {
    String whole = String.join(" ", unchanged(composed));
    List<String> begin = unchanged(said);
    boolean begins = whole.startsWith(String.join(" ", begin));
    for (int from = 1; from < begin.size() && !begins; from++) {
      begins = whole.startsWith(String.join(" ", begin.subList(from, begin.size())));
    }
    return begins;
  }

  /** Returns the options that the java launcher leaves unchanged and that HotSpot does not omit. */
  private static List<String> unchanged(List<String> options) {
    return words(String.join(" ", options)).stream()
        .filter(word -> word.startsWith("-XX:") || word.startsWith("-D"))
        .filter(word -> !word.startsWith("-Djava.class.path") && !word.startsWith("-Dsun.java."))
        .toList();
  }

  /**
   * Returns the unreadable sources of options, empty for none. More flags than known here may be in
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
      if (isOn(flag)) {
        fatal.add("-XX:+" + flag);
      }
    }
    for (String flag : Preflight.FATAL_VALUES) {
      if (Preflight.isFatal(flag, value("-XX:" + flag + "=").orElse(""))) {
        fatal.add("-XX:" + flag);
      }
    }
    Stream<String> agents = options.stream().map(FatalAgents::loadedBy);
    Stream.concat(agents, Stream.ofNullable(agent))
        .filter(name -> name != null)
        .map(name -> "the agent " + name)
        .distinct()
        .forEach(fatal::add);
    return fatal;
  }

  /** Returns true if at least one of the wanted options was given exactly. */
  public boolean contains(String... wanted) {
    return Arrays.stream(wanted).anyMatch(options::contains);
  }

  /** Returns true if the last setting of the flag is {@code -XX:+}; false without a setting. */
  public boolean isOn(String flag) {
    return isLast("-XX:+" + flag, "-XX:-" + flag);
  }

  /** Returns true if the last setting of the flag is {@code -XX:-}; false without a setting. */
  public boolean isOff(String flag) {
    return isLast("-XX:-" + flag, "-XX:+" + flag);
  }

  private boolean isLast(String wanted, String other) {
    return options.lastIndexOf(wanted) > options.lastIndexOf(other);
  }

  /** Returns the bytes of the last option with a given prefix; {@link Reading#UNKNOWN} if none. */
  public long size(String... prefixes) {
    Matcher size = SIZE.matcher(value(prefixes).orElse(""));
    if (!size.matches()) {
      return Reading.UNKNOWN;
    }
    String unit = size.group(2).toLowerCase(java.util.Locale.ROOT);
    int shift = unit.isEmpty() ? 0 : 10 * ("kmgt".indexOf(unit) + 1);
    long number = Long.parseLong(size.group(1));
    return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
  }

  /** Returns the value of the last option with a given prefix, without the prefix. */
  public Optional<String> value(String... prefixes) {
    String last = null;
    for (String option : options) {
      for (String prefix : prefixes) {
        last = option.startsWith(prefix) ? option.substring(prefix.length()) : last;
      }
    }
    return Optional.ofNullable(last);
  }
}
