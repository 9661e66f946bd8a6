package io.allocmem.launcher;

import io.allocmem.control.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Sole path of output to the terminal. Whatever the source of a text, lines end where the command
 * ends lines, and only printable text passes.
 */
final class PrintableWriter extends FilterWriter {
  /** Character that needs the next character: half of a surrogate pair, or a carriage return. */
  private int pending = -1;

  PrintableWriter(Writer out) {
    super(out);
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

  private static void addCodePoint(int c, StringBuilder shown) {
    boolean plain = c == '\n' || c == '\t' || Printable.isPrintable(c);
    shown.appendCodePoint(plain ? c : '?');
  }
}
