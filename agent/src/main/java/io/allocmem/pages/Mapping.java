package io.allocmem.pages;

import io.allocmem.plan.KernelText;
import java.io.IOException;

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

  /** Upper bound of the list of mappings: 65,530 by default (vm.max_map_count), 100 bytes each. */
  private static final int MOST_BYTES = 64 << 20;

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
    try {
      String maps = KernelText.of(MAPS, MOST_BYTES);
      int start = 0;
      for (int end = maps.indexOf('\n'); end >= 0; end = maps.indexOf('\n', start)) {
        Mapping found = in(maps.substring(start, end), address);
        if (found != null) {
          return found;
        }
        start = end + 1;
      }
      return null;
    } catch (IOException | RuntimeException noProc) {
      return null;
    }
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
