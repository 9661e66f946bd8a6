package io.allocmem.launcher;

import io.allocmem.control.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/**
 * Sole path of output to the terminal. Whatever the source of a text, lines end where the command
 * ends lines, and only printable text passes. Without a locale, only ASCII passes.
 */
final class PrintableWriter extends FilterWriter {
  private static final char ELLIPSIS = '\u2026';

  /** Character that needs the next character: half of a surrogate pair, or a carriage return. */
  private int pending = -1;

  private final CharsetEncoder encoder;

  /**
   * @param charset charset of the terminal; characters outside the charset are replaced
   */
  PrintableWriter(Writer out, Charset charset) {
    super(out);
    this.encoder = charset.newEncoder();
  }

  @Override
  public void write(int c) throws IOException {
    write(Character.toString((char) c), 0, 1);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    write(new String(text, from, count), 0, count);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    StringBuilder shown = new StringBuilder(count + 1);
    for (int i = from; i < from + count; i++) {
      add(text.charAt(i), shown);
    }
    out.write(shown.toString());
  }

  private void add(char next, StringBuilder shown) {
    int before = pending;
    pending = -1;
    if (before >= 0 && Character.isSurrogatePair((char) before, next)) {
      addCodePoint(Character.toCodePoint((char) before, next), shown);
      return;
    }
    if (before >= 0) {
      shown.append(before == '\r' && next == '\n' ? '\r' : '?');
    }
    if (Character.isHighSurrogate(next) || next == '\r') {
      pending = next;
    } else {
      addCodePoint(next, shown);
    }
  }

  private void addCodePoint(int c, StringBuilder shown) {
    boolean plain = c == '\n' || c == '\t' || Printable.isPrintable(c);
    boolean known = c < 128 || encoder.canEncode(Character.toString(c));
    if (c == ELLIPSIS && !known) {
      shown.append("...");
    } else {
      shown.appendCodePoint(plain && known ? c : '?');
    }
  }

  /**
   * @throws IOException if the writer below takes no more, which a PrintWriter keeps to itself
   */
  @Override
  public void flush() throws IOException {
    super.flush();
    if (out instanceof PrintWriter printer && printer.checkError()) {
      throw new IOException("closed");
    }
  }
}
