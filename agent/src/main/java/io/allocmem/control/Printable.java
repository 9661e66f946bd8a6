package io.allocmem.control;

/**
 * Text that came from another process, made fit for a terminal, a log and a table: what could move
 * the cursor, end a line, change a title or turn the direction of writing becomes a question mark.
 */
public final class Printable {
  /** What a column of a table has room for. */
  private static final int LONGEST_NAME = 200;

  private Printable() {}

  /** The text with a question mark for each character that does not show itself. */
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

  /** The same, and no longer than a table can bear. */
  public static String name(String text) {
    String shown = of(text);
    return shown.length() <= LONGEST_NAME ? shown : of(shown.substring(0, LONGEST_NAME)) + "...";
  }

  /** Whether a character shows itself: no control, no format, and no half of a character. */
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
