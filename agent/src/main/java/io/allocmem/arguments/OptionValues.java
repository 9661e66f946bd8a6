package io.allocmem.arguments;

import io.allocmem.plan.ByteSize;
import io.allocmem.plan.Charsets;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Rate;
import io.allocmem.plan.Scan;

/**
 * Parser of values that are plain words or numbers, words in any case. Each method throws the rule
 * that a value breaks.
 */
final class OptionValues {
  private static final char DELETE = 127;

  /** Maximum length of a path, in characters. */
  private static final int LONGEST_PATH = 700;

  private OptionValues() {}

  static boolean flag(String value) {
    if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
      return value.equalsIgnoreCase("true");
    }
    throw new IllegalArgumentException("a flag is true or false");
  }

  /** Returns true for the first of two words. */
  static boolean either(String value, String yes, String no) {
    if (value.equalsIgnoreCase(yes) || value.equalsIgnoreCase(no)) {
      return value.equalsIgnoreCase(yes);
    }
    throw new IllegalArgumentException("it is " + yes + " or " + no);
  }

  static int count(String value) {
    if (!Scan.isWhole(value, 9)) {
      throw new IllegalArgumentException("a count is a whole number, 0 to 999999999");
    }
    return Integer.parseInt(value);
  }

  /** Reads a size in a time, {@code 10m/s} or {@code 600m/5min}. */
  static Rate rate(String value) {
    int slash = value.indexOf('/');
    if (slash < 0 || value.contains("%")) {
      throw new IllegalArgumentException("a rate is a size in a time: 10m/s, 600m/min, 1g/h");
    }
    String time = value.substring(slash + 1).trim();
    boolean one = !time.isEmpty() && Character.isLetter(time.charAt(0));
    return new Rate(
        ByteSize.parse(value.substring(0, slash).trim()), Durations.parse(one ? "1" + time : time));
  }

  /** Reads a destination of the log: {@code stderr}, {@code off} or a path. */
  static String log(String value) {
    for (String word : new String[] {HoldPlan.LOG_TO_STDERR, HoldPlan.LOG_OFF}) {
      if (word.equalsIgnoreCase(value)) {
        return word;
      }
    }
    return path(value);
  }

  /** Reads a path. The control file has limited room, and a comma would end the option. */
  private static String path(String value) {
    if (!isPath(value)) {
      throw new IllegalArgumentException("a path is 1 to 700 characters, without a comma");
    }
    if (!Charsets.UTF_8.newEncoder().canEncode(value)) { // unpaired surrogate
      throw new IllegalArgumentException("a path is text that UTF-8 can encode");
    }
    return value;
  }

  private static boolean isPath(String value) {
    int length = value.codePointCount(0, value.length());
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == ',' || c < ' ' || c == DELETE) {
        return false;
      }
    }
    return length > 0 && length <= LONGEST_PATH;
  }

  /** Reads a requester for one line of the log. A comma would end the option. */
  static String who(String value) {
    if (!Scan.isWord(value, 64, "_.@() -")) {
      throw new IllegalArgumentException("it is 1 to 64 letters, digits, spaces or _ - . @ ( )");
    }
    return value;
  }

  /** Reads a plan name: a part of a file name in the target's temporary directory. */
  static String name(String value) {
    if (!Scan.isWord(value, 40, "_-")) {
      throw new IllegalArgumentException("a name is 1 to 40 letters, digits, _ or -");
    }
    if (value.equals(ArmedArguments.WORD)) {
      throw new IllegalArgumentException("the name armed is the file of an armed agent");
    }
    return value;
  }
}
