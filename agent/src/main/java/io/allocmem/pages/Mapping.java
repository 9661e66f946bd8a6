package io.allocmem.pages;

import io.allocmem.plan.Charsets;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Memory mapping at an address, from a line of {@code /proc/self/maps}, see proc(5). The mapping
 * determines the method of releasing pages. Immutable. Looked up once, at the start.
 *
 * <p>MADV_REMOVE makes a hole in the file of a shared mapping. If the file system is full, the next
 * touch of the hole is a SIGBUS, which ends the JVM. Holes are therefore made only in ZGC's own
 * memory file, which has no limit. Pages of hugetlbfs are never released: another process may have
 * taken the pages before the next touch.
 */
final class Mapping {
  /** Advice to release pages of private memory, see madvise(2). */
  static final int MADV_DONTNEED = 4;

  static final int MADV_REMOVE = 9;

  /** No method of releasing pages. */
  static final int NONE = 0;

  private static final String MAPS = "/proc/self/maps";
  private static final String HEAP_OF_ZGC = "/memfd:java_heap (deleted)";
  private static final String UNLINKED = " (deleted)";
  private static final int SHARED_AT = 3;
  private static final int WORDS = 6;

  /** Size of a read in bytes: more than the longest line, with a path of 4096 bytes. */
  private static final int PIECE = 8192;

  private static final int LONGEST_PATH = 100;

  private final boolean shared;
  private final boolean anonymous;
  private final String path;

  /**
   * @param line words of the line; the first word, the addresses, is not used
   */
  private Mapping(String[] line) {
    shared = line[1].charAt(SHARED_AT) == 's';
    anonymous = line[4].equals("0");
    path = line[5];
  }

  /** Returns the mapping at an address; null if the kernel does not report the mapping. */
  static Mapping at(long address) {
    try (InputStream maps = new FileInputStream(MAPS)) {
      return in(maps, address);
    } catch (IOException | RuntimeException noProc) {
      return null;
    }
  }

  /** Returns the mapping in a list of mappings; makes no string of the other lines. */
  static Mapping in(InputStream maps, long address) throws IOException {
    byte[] text = new byte[PIECE];
    int length = 0;
    for (int count = maps.read(text); count > 0; count = maps.read(text, length, PIECE - length)) {
      length += count;
      int line = 0;
      for (int at = 0; at < length; at++) {
        if (text[at] == '\n') {
          if (isIn(text, line, address)) {
            return in(new String(text, line, at - line, Charsets.ISO_8859_1), address);
          }
          line = at + 1;
        }
      }
      length = line == 0 && length == PIECE ? 0 : length - line; // drops a line without an end
      System.arraycopy(text, line, text, 0, length);
    }
    return null;
  }

  /** Returns whether the range at the start of a line has the address: {@code from-to }. */
  private static boolean isIn(byte[] text, int line, long address) {
    long from = 0;
    int at = line;
    for (; Character.digit(text[at], 16) >= 0; at++) {
      from = from << 4 | Character.digit(text[at], 16);
    }
    long to = 0;
    for (at++; at < text.length && Character.digit(text[at], 16) >= 0; at++) {
      to = to << 4 | Character.digit(text[at], 16);
    }
    return Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, to) < 0;
  }

  /** Returns the mapping in a line; null if the address is outside. */
  static Mapping in(String line, long address) {
    int dash = line.indexOf('-');
    long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
    long to = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
    boolean inside =
        Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, to) < 0;
    return inside ? new Mapping(words(line)) : null;
  }

  /** Splits at spaces, without a regular expression; a path, the sixth word, may have spaces. */
  private static String[] words(String line) {
    String[] words = new String[WORDS];
    int start = 0;
    for (int word = 0; word < WORDS; word++) {
      while (start < line.length() && line.charAt(start) == ' ') {
        start++;
      }
      int end = word == WORDS - 1 ? -1 : line.indexOf(' ', start);
      words[word] = line.substring(start, end < 0 ? line.length() : end);
      start += words[word].length();
    }
    return words;
  }

  /** Returns the advice that releases pages; {@link #NONE} if pages cannot be released. */
  int advice() {
    if (shared) {
      return path.equals(HEAP_OF_ZGC) ? MADV_REMOVE : NONE;
    }
    return anonymous ? MADV_DONTNEED : NONE;
  }

  /** Returns the reason why pages cannot be released. */
  String refusal() {
    String file =
        path.endsWith(UNLINKED) ? path.substring(0, path.length() - UNLINKED.length()) : path;
    String shown = file.length() > LONGEST_PATH ? file.substring(0, LONGEST_PATH) + "..." : file;
    return "the heap lies in the file "
        + shown
        + " (-XX:AllocateHeapAt, or large pages), where a released page may not be available"
        + " again";
  }
}
