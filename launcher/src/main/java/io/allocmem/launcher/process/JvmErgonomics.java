package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.options.StartOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collector and sizes that a JVM chooses for itself on this machine and in this container (HotSpot
 * ergonomics). The JVM itself answers, with {@code -XX:+PrintFlagsFinal}, before it starts for
 * work: the rules change from one JDK to the next.
 *
 * @param jdk feature version; 0 if unknown
 * @param flags values of all flags, by name; empty if the JVM does not answer
 */
public record JvmErgonomics(int jdk, Map<String, String> flags) {
  /**
   * Options that decide on collector and sizes. Other options may start agents, open ports or write
   * files, and are not for a JVM that only answers.
   */
  private static final Pattern DECIDES =
      Pattern.compile(
          "-XX:[-+](Use\\w*GC|Unlock\\w+|ZGenerational|UseContainerSupport|AggressiveHeap"
              + "|(Never|Always)ActAsServerClassMachine)"
              + "|-XX:(ActiveProcessorCount|G1HeapRegionSize|MaxDirectMemorySize|MaxHeapSize"
              + "|\\w*RAM(Percentage|Fraction)?)=[\\w.]+"
              + "|-Xmx\\w+");

  private static final Pattern FLAG = Pattern.compile("\\s*\\w+\\s+(\\w+)\\s*:?=\\s*(\\S*)\\s.*");
  private static final Pattern VERSION = Pattern.compile("version \"([^\"]{1,40})\"");

  /** Time limit of the answer; on an idle machine a JVM answers in 100 ms. */
  private static final long MILLIS = 10_000;

  private static final int MOST_BYTES = 1 << 20;

  /**
   * Asks the JVM of a JDK.
   *
   * @param java path of the program {@code java}
   * @param given options of the JVM
   */
  public static JvmErgonomics of(Path java, List<String> given) {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    given.stream().filter(option -> DECIDES.matcher(option).matches()).forEach(command::add);
    command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(StartOptions.VARIABLES);
    try {
      return parse(answer(builder.start()));
    } catch (IOException noAnswer) {
      return new JvmErgonomics(0, Map.of()); // the start for work tells the cause
    }
  }

  private static String answer(Process process) throws IOException {
    try {
      byte[] answer =
          TimeLimit.within(
              MILLIS, process.pid(), () -> process.getInputStream().readNBytes(MOST_BYTES));
      return new String(answer, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  static JvmErgonomics parse(String answer) {
    Map<String, String> flags = new HashMap<>();
    answer
        .lines()
        .map(FLAG::matcher)
        .filter(Matcher::matches)
        .forEach(flag -> flags.put(flag.group(1), flag.group(2)));
    Matcher version = VERSION.matcher(answer);
    return new JvmErgonomics(version.find() ? JdkVersion.feature(version.group(1)) : 0, flags);
  }

  /** Returns true if the JVM answered. */
  public boolean isKnown() {
    return flags.containsKey("MaxHeapSize");
  }

  /** Returns true if the flag is on. */
  public boolean isOn(String flag) {
    return "true".equals(flags.get(flag));
  }

  /** Returns the value of a numeric flag; {@link Reading#UNKNOWN} if unknown. */
  public long number(String flag) {
    String value = flags.getOrDefault(flag, "");
    return value.matches("\\d{1,18}") ? Long.parseLong(value) : Reading.UNKNOWN;
  }
}
