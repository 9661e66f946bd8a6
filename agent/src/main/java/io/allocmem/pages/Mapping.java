package io.allocmem.pages;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * What the kernel says of the memory at an address, as a line of {@code /proc/self/maps}, see
 * proc(5): with it the way in which pages go back. Immutable. Looked up once, at the start.
 *
 * <p>MADV_REMOVE makes a hole in the file below a shared mapping. Where that file system is full,
 * the next touch of the hole is a SIGBUS, which ends the JVM: so holes are made only in the memory
 * file that ZGC makes for itself, and nobody limits. Pages of hugetlbfs may have gone to others
 * when they are touched again: they stay.
 */
final class Mapping {
  /** See madvise(2). */
  static final int MADV_DONTNEED = 4;

  static final int MADV_REMOVE = 9;

  /** There is no way to give pages back here. */
  static final int NONE = 0;

  private static final String MAPS = "/proc/self/maps";
  private static final String HEAP_OF_ZGC = "/memfd:java_heap (deleted)";
  private static final String UNLINKED = " (deleted)";
  private static final int SHARED_AT = 3;
  private static final int LONGEST_PATH = 100;

  private final boolean shared;
  private final boolean anonymous;
  private final String path;

  /**
   * @param line without the addresses that it begins with
   */
  private Mapping(String[] line) {
    shared = line[1].charAt(SHARED_AT) == 's';
    anonymous = line[4].equals("0");
    path = line.length > 5 ? line[5] : "";
  }

  /** Null where the kernel does not say it. */
  static Mapping at(long address) {
    // paths are bytes: no encoding may refuse them
    try (BufferedReader maps =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(MAPS), StandardCharsets.ISO_8859_1))) {
      for (String line = maps.readLine(); line != null; line = maps.readLine()) {
        Mapping found = in(line, address);
        if (found != null) {
          return found;
        }
      }
      return null;
    } catch (IOException | RuntimeException noProc) {
      return null;
    }
  }

  /** Null when the address is not in that line's mapping. */
  static Mapping in(String line, long address) {
    String[] words = line.split(" +", 6); // a path may have spaces
    int dash = words[0].indexOf('-');
    long from = Long.parseUnsignedLong(words[0].substring(0, dash), 16);
    long to = Long.parseUnsignedLong(words[0].substring(dash + 1), 16);
    boolean inside =
        Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, to) < 0;
    return inside ? new Mapping(words) : null;
  }

  /** The advice by which pages go back; {@link #NONE} where they cannot. */
  int advice() {
    if (shared) {
      return path.equals(HEAP_OF_ZGC) ? MADV_REMOVE : NONE;
    }
    return anonymous ? MADV_DONTNEED : NONE;
  }

  /** Why pages do not go back. */
  String refusal() {
    String file =
        path.endsWith(UNLINKED) ? path.substring(0, path.length() - UNLINKED.length()) : path;
    String shown = file.length() > LONGEST_PATH ? file.substring(0, LONGEST_PATH) + "..." : file;
    return "the heap lies in the file "
        + shown
        + " (-XX:AllocateHeapAt, or large pages), where a page that is given back may not be had"
        + " again";
  }
}
