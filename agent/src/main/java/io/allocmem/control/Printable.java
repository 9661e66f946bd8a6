package io.allocmem.control;

/**
 * Text from another process, made safe for a terminal, a log and a table. Characters that could
 * move the cursor, end a line, change a title or change the writing direction become question
 * marks.
 */
public final class Printable {
  /** Room in a column of a table, in characters. */
  private static final int LONGEST_NAME = 200;

  private Printable() {}

  /** Returns the text with a question mark for each unprintable character. */
  public static String of(String text) {
    int at = 0;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    return at == text.length() ? text : replaced(text);
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~';
  }

  private static String replaced(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      shown.appendCodePoint(isPrintable(c) ? c : '?');
      at += Character.charCount(c);
    }
    return shown.toString();
  }

  /** Returns the printable text, cut to the width of a table. */
  public static String name(String text) {
    String shown = of(text);
    return shown.length() <= LONGEST_NAME ? shown : of(shown.substring(0, LONGEST_NAME)) + "...";
  }

  /**
   * Returns whether a character is printable: no control, no format, and no half of a surrogate
   * pair.
   */
  public static boolean isPrintable(int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL: // C0, DEL, C1
      case Character.FORMAT: // with the bidirectional ones
      case Character.SURROGATE:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
        return false;
      default:
        return true;
    }
  }
}
