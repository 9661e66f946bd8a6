package io.allocmem.plan;

/**
 * Reader of short texts, from left to right. Replaces regular expressions, whose 35 classes a plan
 * would otherwise load into its JVM. A digit is an ASCII digit. One thread.
 */
public final class Scan {
  private final String text;
  private int at;

  /** Starts at the first character of the text. */
  public Scan(String text) {
    this.text = text;
  }

  /** Returns the offset of the next character. */
  public int position() {
    return at;
  }

  /** Returns true after the last character. */
  public boolean isAtEnd() {
    return at == text.length();
  }

  /** Reads digits, and returns their number. */
  public int digits() {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at - start;
  }

  /**
   * Reads {@code 12}, {@code 1.5} or {@code .5}. Without a digit behind the point, or with more
   * than {@code most}, the point is not read. Returns false if no number begins here.
   */
  public boolean number(int most) {
    int whole = digits();
    int point = at;
    if (take('.')) {
      int fraction = digits();
      if (fraction > 0 && fraction <= most) {
        return true;
      }
      at = point;
    }
    return whole > 0;
  }

  /** Reads the character if the character is next. */
  public boolean take(char c) {
    boolean next = at < text.length() && text.charAt(at) == c;
    at += next ? 1 : 0;
    return next;
  }

  /** Reads and returns the first of the words that is next; null if none is next. */
  public String takeOne(String... words) {
    for (String word : words) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word;
      }
    }
    return null;
  }

  /** Returns the text from an offset to the next character. */
  public String from(int start) {
    return text.substring(start, at);
  }

  /** Returns true for a text of 1 to {@code most} digits. */
  public static boolean isWhole(String text, int most) {
    Scan scan = new Scan(text);
    int digits = scan.digits();
    return digits > 0 && digits <= most && scan.isAtEnd();
  }

  /** Returns true for a text that is a number as {@link #number} reads, and no more. */
  public static boolean isNumber(String text, int most) {
    Scan scan = new Scan(text);
    return scan.number(most) && scan.isAtEnd();
  }

  /** Returns true for 1 to {@code most} ASCII letters, digits and further characters. */
  public static boolean isWord(String text, int most, String further) {
    for (int i = 0; i < text.length(); i++) {
      if (!isWordCharacter(text.charAt(i), further)) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= most;
  }

  /** Returns true for an ASCII letter, a digit or one of the further characters. */
  public static boolean isWordCharacter(int c, String further) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || further.indexOf(c) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
