package io.allocmem.launcher.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * Canvas of pixels, for a PNG. Needs java.desktop and fonts. This is the only class that needs
 * them, so java.desktop is loaded only on request.
 */
public final class ChartImage implements Canvas {
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, LETTERS);
  private static final Font BOLD = PLAIN.deriveFont(Font.BOLD);

  private final Graphics2D graphics;

  private ChartImage(Graphics2D graphics) {
    this.graphics = graphics;
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }

  /** Measures a letter, and fails if no fonts exist; the kind of failure differs. */
  public static void requireFonts() {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, LETTERS);
    new TextLayout("M", font, new FontRenderContext(null, true, true)).getBounds();
  }

  /** Returns the picture as a PNG file. Needs fonts; see {@link #requireFonts}. */
  public static byte[] png(Recording recording) {
    Figure figure = Figure.alone(recording);
    BufferedImage image =
        new BufferedImage(Figure.ALONE, figure.height(Figure.ALONE), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    figure.draw(new ChartImage(graphics), Figure.ALONE);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  private void colour(Palette colour) {
    graphics.setColor(new Color(colour.light()));
  }

  @Override
  public void shift(int x, int y) {
    graphics.translate(x, y);
  }

  @Override
  public void box(Palette colour, int x, int y, int width, int height) {
    colour(colour);
    graphics.fillRect(x, y, width, height);
  }

  @Override
  public void rule(Palette colour, int x1, int y1, int x2, int y2) {
    colour(colour);
    graphics.setStroke(new BasicStroke(1));
    graphics.drawLine(x1, y1, x2, y2);
  }

  @Override
  public void steps(Palette colour, int width, boolean dashed, Steps steps) {
    colour(colour);
    float[] dashes = dashed ? new float[] {6, 4} : null;
    graphics.setStroke(
        new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0));
    Path2D path = new Path2D.Float();
    for (int[] run : steps.runs()) {
      path.moveTo(run[0], run[1]);
      for (int i = 2; i < run.length; i += 2) {
        path.lineTo(run[i], run[i - 1]);
        path.lineTo(run[i], run[i + 1]);
      }
    }
    graphics.draw(path);
  }

  @Override
  public void text(int x, int y, Anchor anchor, Words... words) {
    int width = 0;
    for (Words part : words) {
      width += width(part);
    }
    int at = x - (anchor == Anchor.START ? 0 : anchor == Anchor.END ? width : width / 2);
    for (Words part : words) {
      graphics.setFont(font(part));
      if (part.isOverLines()) {
        drawRim(part, at, y);
      }
      colour(part.colour());
      graphics.drawString(part.text(), at, y);
      at += width(part);
    }
  }

  private void drawRim(Words part, int x, int y) {
    colour(Palette.PAPER);
    for (int shift = -2; shift <= 2; shift++) {
      graphics.drawString(part.text(), x + shift, y - 1);
      graphics.drawString(part.text(), x + shift, y + 1);
    }
  }

  private int width(Words part) {
    return graphics.getFontMetrics(font(part)).stringWidth(part.text());
  }

  private static Font font(Words part) {
    return part.bold() ? BOLD : PLAIN;
  }
}
