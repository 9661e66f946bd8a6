package io.allocmem.launcher.report;

/** Surface of a picture, in whole pixels: level and upright lines are sharp. */
interface Canvas {
  /** Size of letters in pixels. */
  int LETTERS = 12;

  /** Place of a text relative to its coordinate. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * Words of a text in one colour.
   *
   * @param readout number of the readout that the cursor of the page writes here; -1 for none
   */
  record Words(Palette colour, boolean bold, String text, int readout) {
    /** Returns true for the name of a limit, which lines may cross: a rim keeps it readable. */
    boolean isOverLines() {
      return colour == Palette.LIMIT;
    }

    static Words of(Palette colour, String text) {
      return new Words(colour, false, text, -1);
    }

    static Words bold(String text) {
      return new Words(Palette.TEXT, true, text, -1);
    }
  }

  /** Moves the origin for all that follows. */
  void shift(int x, int y);

  /** Fills a rectangle. */
  void box(Palette colour, int x, int y, int width, int height);

  /** Draws a level or upright line, one pixel wide. */
  void rule(Palette colour, int x1, int y1, int x2, int y2);

  /** Draws a line of steps. */
  void steps(Palette colour, int width, boolean dashed, Steps steps);

  /** Writes words beside each other on one base line. */
  void text(int x, int y, Anchor anchor, Words... words);

  /** Returns the width of a text, estimated generously: the reader's font is unknown. */
  static int width(String text) {
    return text.codePointCount(0, text.length()) * 7;
  }

  /** Returns the text, cut to at most this width. */
  static String cut(String text, int width) {
    int most = Math.max(1, width / 7);
    int length = text.codePointCount(0, text.length());
    return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
