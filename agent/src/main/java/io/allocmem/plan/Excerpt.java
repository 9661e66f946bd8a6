package io.allocmem.plan;

/**
 * What of a text that came from elsewhere is said again in a sentence: its beginning, on one line.
 * The sentence stays one that a person reads, however long the text is.
 */
public final class Excerpt {
  private static final char CUT = '\u2026';
  private static final int BYTES_OF_CUT = 3;

  private Excerpt() {}

  /** The text in at most so many bytes of UTF-8; a cut is visible, a control character is not. */
  public static String of(String text, int mostBytes) {
    StringBuilder kept = new StringBuilder();
    int bytes = 0;
    int end = 0; // where it would be cut
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

  /** A line end is shown: the sentence may have two lines. */
  private static boolean isShown(int character) {
    return character == '\n' || !Character.isISOControl(character);
  }
}
