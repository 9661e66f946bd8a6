package io.allocmem.arguments;

/** Values that are plain words or numbers; each method throws the rule that a value breaks. */
final class Words {
  private Words() {}

  static boolean flag(String value) {
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    throw new IllegalArgumentException("a flag is true or false");
  }

  static boolean onOrOff(String value) {
    if (value.equals("on") || value.equals("off")) {
      return value.equals("on");
    }
    throw new IllegalArgumentException("it is on or off");
  }

  static int count(String value) {
    if (!value.matches("\\d{1,9}")) {
      throw new IllegalArgumentException("a count is a whole number, 0 to 999999999");
    }
    return Integer.parseInt(value);
  }

  /** A name becomes part of a file name in the target's temporary directory. */
  static String name(String value) {
    if (!value.matches("[A-Za-z0-9_-]{1,40}")) {
      throw new IllegalArgumentException("a name is 1 to 40 letters, digits, _ or -");
    }
    return value;
  }
}
