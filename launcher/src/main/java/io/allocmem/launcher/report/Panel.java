package io.allocmem.launcher.report;

/** A part of a figure, across its whole width. */
interface Panel {
  /** Returns the height in pixels for a width. */
  int height(int width);

  /** Draws the part from that row down. */
  void draw(Canvas canvas, int width, int top);
}
