package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;

/**
 * One of the kernel's text files, kept open, and read again each time: as bytes, since names in it
 * may be in any encoding, and piece by piece, since some are longer than one read gives. Reading
 * allocates nothing. One thread.
 */
final class KernelFile implements Closeable {
  /** What one read of the JDK takes without memory of the C library. */
  static final int PIECE = 8192;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final byte[] text;

  /** Null when the content is known. */
  private final RandomAccessFile file;

  /** What was read of a foreign file, once; else null. */
  private final byte[] content;

  private int next;

  /** What {@link #text} begins with, and bytes of it; the line before it was read already. */
  private int length;

  /**
   * @throws IOException when there is no such file, or it may not be read
   */
  KernelFile(String path) throws IOException {
    this(path, new byte[PIECE]);
  }

  /**
   * @param buffer to read into, of {@link #PIECE} bytes; others of the same thread may have it, too
   * @throws IOException when there is no such file, or it may not be read
   */
  KernelFile(String path, byte[] buffer) throws IOException {
    text = buffer;
    if (!new File(path).isFile()) { // what others have mounted there may be a pipe, which blocks
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
   * The file at that path.
   *
   * @param foreign how it is read, when it is not to be trusted to be the kernel's; else null
   */
  static KernelFile open(ForeignTexts foreign, String path, byte[] buffer) throws IOException {
    return foreign == null
        ? new KernelFile(path, buffer)
        : new KernelFile(foreign.read(Paths.get(path)), buffer);
  }

  /** The file at that path; null when it is not there. */
  static KernelFile openOrNull(String path, byte[] buffer) {
    return openOrNull(null, path, buffer);
  }

  /** The same, of a foreign file as well. */
  static KernelFile openOrNull(ForeignTexts foreign, String path, byte[] buffer) {
    try {
      return open(foreign, path, buffer);
    } catch (IOException notHere) {
      return null;
    }
  }

  /** A name as {@link #field} looks for it. */
  static byte[] name(String field) {
    return field.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads the file; the number that stands as the so-manyth word of it, from 0. {@link
   * Long#MAX_VALUE} for the word {@code max} or {@code unlimited}; unknown when it cannot be read.
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
   * Reads the file; the number after that name at the beginning of a line. {@link Long#MAX_VALUE}
   * for the word {@code max} or {@code unlimited}; unknown when there is no such line.
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

  /** Reads the file; how many lines it has. Unknown when it cannot be read. */
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

  /** Reads the file; a number that is another one once anything in it is another. */
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

  /** Reads a piece after what is kept; false at the end, and when it cannot be read. */
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

  /** Keeps the line that is not complete; of one longer than a piece nothing is wanted. */
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

  /** The number at that place, after colons and spaces; unknown when there is none. */
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
