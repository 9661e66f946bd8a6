package io.allocmem.launcher.process;

import io.allocmem.options.StartOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Options of a JVM, read from outside: from its performance data, or from the sources of options if
 * the performance data is missing or cut.
 *
 * <p>Reads files only, never the JVM. A flag changed at run time is therefore not visible here. The
 * check of the agent inside the JVM decides.
 */
public final class ForeignOptions {
  /** HotSpot cuts a text in performance data at this length, unless a flag sets another length. */
  private static final int LONGEST_TEXT = 1023;

  private static final String OTHER_LENGTH = "-XX:PerfMaxStringConstLength=";

  private ForeignOptions() {}

  /** Returns the options of a JVM, with or without performance data. */
  public static StartOptions atStart(Optional<PerfData> data, LinuxProcess process) {
    OptionSources sources = new OptionSources(process);
    Optional<PerfData> written = data.filter(PerfData::hasOptions);
    if (written.isPresent() && !isCut(written.get())) {
      return sources.withFatalAgent(listed(written.get()), List.of());
    }
    StartOptions composed = sources.composed(JdkVersion.feature(process));
    return written.isEmpty()
        ? sources.withFatalAgent(composed.options(), composed.unread())
        : confirmed(written.get(), composed, sources);
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
  static List<String> listed(PerfData data) {
    List<String> options = new ArrayList<>(listedSettings(data));
    options.addAll(words(data.text("java.rt.vmArgs")));
    return options;
  }

  /** Returns the settings from the file of -XX:Flags=, where flags have no prefix. */
  private static List<String> listedSettings(PerfData data) {
    String flags = data.text("java.rt.vmFlags");
    return flags.isEmpty() ? List.of() : List.of(("-XX:" + flags.replace(" ", " -XX:")).split(" "));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" (?=-)"));
  }

  /** Completes cut performance data with the composed options, if both begin alike. */
  private static StartOptions confirmed(
      PerfData data, StartOptions composed, OptionSources sources) {
    List<String> unread = new ArrayList<>(composed.unread());
    boolean alike =
        beginsWith(composed.settings(), listedSettings(data))
            && beginsWith(composed.arguments(), words(data.text("java.rt.vmArgs")));
    if (!alike || !sources.isLauncher()) {
      unread.add("those beyond %d bytes".formatted(LONGEST_TEXT));
    }
    List<String> all = listed(data);
    all.addAll(composed.options());
    return sources.withFatalAgent(all, unread);
  }

  /**
   * Allows a few extra options at the start: a runtime made by {@code jlink --add-options} puts its
   * own options first.
   */
  private static boolean beginsWith(List<String> composed, List<String> listed) {
    String whole = String.join(" ", unchanged(composed));
    List<String> begin = unchanged(listed);
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
}
