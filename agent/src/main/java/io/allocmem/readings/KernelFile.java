package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.Charsets;
import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Paths;

/**
 * Text file of the kernel, kept open and read again for each value. Reads bytes, since names may be
 * in any encoding. Reads in pieces, since some files are longer than a single read returns. Reading
 * allocates nothing. One thread.
 */
final class KernelFile implements Closeable {
  /** Size of a read in bytes: up to this size the JDK reads without memory of the C library. */
  static final int PIECE = 8192;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final byte[] text;

  /** Open file; null if the content is known. */
  private final RandomAccessFile file;

  /** Content of a foreign file, read once; else null. */
  private final byte[] content;

  private int next;

  /**
   * Number of unread bytes at the beginning of {@link #text}. All earlier lines were read already.
   */
  private int length;

  /**
   * @throws IOException if the file does not exist or may not be read
   */
  KernelFile(String path) throws IOException {
    this(path, new byte[PIECE]);
  }

  /**
   * @param buffer read buffer of {@link #PIECE} bytes, which files of the same thread may share
   * @throws IOException if the file does not exist or may not be read
   */
  KernelFile(String path, byte[] buffer) throws IOException {
    text = buffer;
    if (!new File(path).isFile()) { // a foreign mount may be a pipe, which blocks
      throw new FileNotFoundException(path + " (no file)");
    }
    file = new RandomAccessFile(path, "r");
    content = null;
  }

  private KernelFile(byte[] content, byte[] buffer) {
    this.text = buffer;
    this.file = null;
    this.content = content;
  }

  /**
   * Opens the file at this path.
   *
   * @param foreign reader for a file that may not be the kernel's; else null
   */
  static KernelFile open(ForeignTexts foreign, String path, byte[] buffer) throws IOException {
    return foreign == null
        ? new KernelFile(path, buffer)
        : new KernelFile(foreign.read(Paths.get(path)), buffer);
  }

  /** Opens the file at this path; returns null if opening fails. */
  static KernelFile openOrNull(String path, byte[] buffer) {
    return openOrNull(null, path, buffer);
  }

  /** Opens the file at this path, also a foreign file; returns null if opening fails. */
  static KernelFile openOrNull(ForeignTexts foreign, String path, byte[] buffer) {
    try {
      return open(foreign, path, buffer);
    } catch (IOException notHere) {
      return null;
    }
  }

  /** Closes the file unless null; ignores a failure, since nothing was written. */
  static void closeQuietly(KernelFile file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException nothingWasWritten) {
        return;
      }
    }
  }

  /** Returns a name in the form that {@link #field} takes. */
  static byte[] name(String field) {
    return field.getBytes(Charsets.US_ASCII);
  }

  /**
   * Reads the file, and returns the number in the word with this index, from 0. The word {@code
   * max} or {@code unlimited} yields {@link Long#MAX_VALUE}. Unknown if the file cannot be read.
   */
  long word(int index) {
    length = 0;
    begin();
    more();
    int at = 0;
    for (int word = 0; word < index; word++) {
      while (at < length && text[at] != ' ' && text[at] != '/') {
        at++;
      }
      at++;
    }
    return number(at);
  }

  /**
   * Reads the file, and returns the number after this name at the beginning of a line. The word
   * {@code max} or {@code unlimited} yields {@link Long#MAX_VALUE}. Unknown if no line has this
   * name.
   *
   * @param name from {@link #name}
   */
  long field(byte[] name) {
    length = 0;
    begin();
    while (more()) {
      int line = 0;
      for (int end = endOfLine(line); end >= 0; end = endOfLine(line)) {
        if (isAt(line, name)) {
          return number(line + name.length);
        }
        line = end + 1;
      }
      keep(line);
    }
    return isAt(0, name) ? number(name.length) : Reading.UNKNOWN; // no newline at the end
  }

  /**
   * Reads the file, and passes each line. Returns false if the file cannot be read, or has more
   * bytes or takes longer than permitted: lines are missing then.
   */
  boolean each(KernelLines lines, long mostBytes, long mostNanos) {
    long start = System.nanoTime();
    length = 0;
    begin();
    long bytes = 0;
    while (more()) {
      int line = 0;
      for (int end = endOfLine(line); end >= 0; end = endOfLine(line)) {
        lines.line(line);
        line = end + 1;
      }
      bytes += line;
      keep(line);
      if (bytes > mostBytes || System.nanoTime() - start > mostNanos) {
        return false;
      }
    }
    return bytes > 0;
  }

  /** Returns the number after this name in a line; unknown if the line has another name. */
  long fieldAt(int line, byte[] name) {
    return isAt(line, name) ? number(line + name.length) : Reading.UNKNOWN;
  }

  /** Returns the byte at a position; a newline behind the text. */
  byte at(int position) {
    return position < length ? text[position] : (byte) '\n';
  }

  /** Reads the file, and returns the number of lines; unknown if the file cannot be read. */
  long lines() {
    begin();
    long lines = 0;
    boolean read = false;
    for (length = 0; more(); length = 0) {
      read = true;
      for (int at = 0; at < length; at++) {
        lines += text[at] == '\n' ? 1 : 0;
      }
    }
    return read ? lines : Reading.UNKNOWN;
  }

  /** Reads the file, and returns a hash that changes with the content. */
  long fingerprint() {
    begin();
    long hash = FNV_BASIS;
    for (length = 0; more(); length = 0) {
      for (int at = 0; at < length; at++) {
        hash = (hash ^ text[at]) * FNV_PRIME;
      }
    }
    return hash;
  }

  private void begin() {
    next = 0;
    try {
      if (file != null) {
        file.seek(0);
      }
    } catch (IOException gone) {
      length = 0;
    }
  }

  /**
   * Reads a piece after the kept bytes; returns false at the end, and if the file cannot be read.
   */
  private boolean more() {
    try {
      int read = file == null ? copy() : file.read(text, length, PIECE - length);
      length += Math.max(0, read);
      return read > 0;
    } catch (IOException gone) {
      length = 0;
      return false;
    }
  }

  private int copy() {
    int count = Math.min(PIECE - length, content.length - next);
    System.arraycopy(content, next, text, length, count);
    next += count;
    return count;
  }

  /**
   * Keeps the incomplete line. A line longer than a piece is dropped, since nobody needs such a
   * line.
   */
  private void keep(int from) {
    int rest = from == 0 && length == PIECE ? 0 : length - from;
    System.arraycopy(text, from, text, 0, rest);
    length = rest;
  }

  private int endOfLine(int from) {
    for (int at = from; at < length; at++) {
      if (text[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  private boolean isAt(int line, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (line + i >= length || text[line + i] != name[i]) {
        return false;
      }
    }
    int next = line + name.length;
    return next < length && (text[next] == ' ' || text[next] == ':' || text[next] == '\t');
  }

  /** Returns the number at this offset, after colons and spaces; unknown if no number follows. */
  private long number(int from) {
    int at = from;
    while (at < length && (text[at] == ' ' || text[at] == ':' || text[at] == '\t')) {
      at++;
    }
    if (at >= length) {
      return Reading.UNKNOWN;
    }
    if (text[at] == 'm' || text[at] == 'u') { // max, unlimited
      return Long.MAX_VALUE;
    }
    long number = text[at] < '0' || text[at] > '9' ? Reading.UNKNOWN : 0;
    for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
      int digit = text[at] - '0';
      boolean tooLarge = number > (Long.MAX_VALUE - digit) / 10;
      number = tooLarge ? Long.MAX_VALUE : number * 10 + digit;
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
