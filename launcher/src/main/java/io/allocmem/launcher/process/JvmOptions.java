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
 * The options that a JVM was started with, from all of their sources; the last of a name wins, as
 * in the JVM. Never asks the JVM: a flag that was changed while it runs (HeapDumpOnOutOfMemoryError
 * can be) is not seen here, and the agent's own look from inside is the one that decides.
 */
public final class JvmOptions {
  /** The variables from which a JVM takes options, the one that wins last. */
  public static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgtKMGT]?)[bB]?");

  /** HotSpot cuts a text in performance data there, unless a flag says otherwise. */
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

  /** Of a JVM that may have performance data. */
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

  /** Of a JVM that tells all of them. */
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
   * All options, argument files and environment included, as one text; an option with a blank in it
   * is cut there, which no name of a flag has.
   */
  private static List<String> said(PerfData data) {
    List<String> options = new ArrayList<>(saidSettings(data));
    options.addAll(words(data.text("java.rt.vmArgs")));
    return options;
  }

  /** From the file of -XX:Flags=, which has no prefix. */
  private static List<String> saidSettings(PerfData data) {
    String flags = data.text("java.rt.vmFlags");
    return flags.isEmpty() ? List.of() : List.of(("-XX:" + flags.replace(" ", " -XX:")).split(" "));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" (?=-)"));
  }

  /** Where the JVM's own words are cut, the composed ones say the rest, if they begin alike. */
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

  /** A runtime that {@code jlink --add-options} made has a few before the others. */
  private static boolean beginsWith(List<String> composed, List<String> said) {
    String whole = String.join(" ", unchanged(composed));
    List<String> begin = unchanged(said);
    boolean begins = whole.startsWith(String.join(" ", begin));
    for (int from = 1; from < begin.size() && !begins; from++) {
      begins = whole.startsWith(String.join(" ", begin.subList(from, begin.size())));
    }
    return begins;
  }

  /** Those that the java launcher leaves as they are, and that HotSpot does not leave out. */
  private static List<String> unchanged(List<String> options) {
    return words(String.join(" ", options)).stream()
        .filter(word -> word.startsWith("-XX:") || word.startsWith("-D"))
        .filter(word -> !word.startsWith("-Djava.class.path") && !word.startsWith("-Dsun.java."))
        .toList();
  }

  /** Sources of options that could not be read: more flags may be in effect. Empty for none. */
  public List<String> unread() {
    return unread;
  }

  /** The flags, as they are written, by which an OutOfMemoryError harms this JVM, and agents. */
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

  /** Whether one of these was given, exactly so. */
  public boolean contains(String... wanted) {
    return Arrays.stream(wanted).anyMatch(options::contains);
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

  /** Bytes, {@link Reading#UNKNOWN} when none of these prefixes was given. */
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

  /** What follows the last option with one of these prefixes. */
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
