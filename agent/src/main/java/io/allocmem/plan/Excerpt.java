package io.allocmem.plan;

/**
 * Beginning of a foreign text, for quotation in a message. The message stays readable, however long
 * the text is.
 */
public final class Excerpt {
  private static final char CUT = '\u2026';
  private static final int BYTES_OF_CUT = 3;

  private Excerpt() {}

  /**
   * Returns the text in at most {@code mostBytes} bytes of UTF-8. An ellipsis marks a cut; a
   * question mark replaces a control character.
   */
  public static String of(String text, int mostBytes) {
    StringBuilder kept = new StringBuilder();
    int bytes = 0;
    int end = 0; // position of a cut
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      bytes += bytesOf(character);
      if (bytes > mostBytes) {
        kept.setLength(end);
        return kept.append(CUT).toString();
      }
      kept.appendCodePoint(isShown(character) ? character : '?');
      end = bytes <= mostBytes - BYTES_OF_CUT ? kept.length() : end;
    }
    return kept.toString();
  }

  private static int bytesOf(int character) {
    return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  }

  /** Returns true for a line end, unlike other control characters: a message may have two lines. */
  private static boolean isShown(int character) {
    return character == '\n' || !Character.isISOControl(character);
  }
}
