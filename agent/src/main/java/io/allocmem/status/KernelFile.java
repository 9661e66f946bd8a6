package io.allocmem.status;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/**
 * One of the kernel's small text files, kept open, and read again each time. Reading allocates
 * nothing. One thread.
 */
final class KernelFile implements Closeable {
  private final byte[] text = new byte[8192];
  private final RandomAccessFile file;
  private int length;

  /**
   * @throws IOException when there is no such file
   */
  KernelFile(String path) throws IOException {
    file = new RandomAccessFile(path, "r");
  }

  /** The file at that path; null when it is not there. */
  static KernelFile openOrNull(String path) {
    try {
      return new KernelFile(path);
    } catch (IOException notHere) {
      return null;
    }
  }

  /** A name as {@link #field} looks for it: with the byte that a line begins after. */
  static byte[] name(String field) {
    return ("\n" + field).getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads the file; the number that stands as the so-manyth word of it, from 0. */
  long word(int index) {
    read();
    int at = 0;
    for (int word = 0; word < index; word++) {
      while (at < length && text[at] != ' ') {
        at++;
      }
      at++;
    }
    return number(at);
  }

  /**
   * Reads the file; the number after that name in a line of its own, not the first line.
   *
   * @param name from {@link #name}
   */
  long field(byte[] name) {
    read();
    return fieldAsRead(name);
  }

  /** The same of what was read last. */
  long fieldAsRead(byte[] name) {
    for (int at = 0; at + name.length < length; at++) {
      int same = 0;
      while (same < name.length && text[at + same] == name[same]) {
        same++;
      }
      if (same == name.length) {
        return number(at + same);
      }
    }
    return ProcessReadings.UNKNOWN;
  }

  private void read() {
    try {
      file.seek(0);
      length = Math.max(0, file.read(text));
    } catch (IOException gone) {
      length = 0;
    }
  }

  /** The number at that place, after colons and spaces; unknown when there is none ("max"). */
  private long number(int from) {
    int at = from;
    while (at < length && (text[at] == ' ' || text[at] == ':')) {
      at++;
    }
    if (at >= length || text[at] < '0' || text[at] > '9') {
      return ProcessReadings.UNKNOWN;
    }
    long number = 0;
    for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
      number = number * 10 + text[at] - '0';
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
