package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;

/**
 * Bytes in huge pages, from the list of mappings in {@code /proc/self/smaps}, see proc(5). The list
 * has about 700 bytes for each mapping. One thread. Counting allocates nothing.
 */
public final class HugeMappings implements Closeable, KernelLines {
  private static final byte[] FIELD = KernelFile.name("AnonHugePages");
  private static final int KIB = 1024;
  private static final int HEX = 16;

  /** Maximum length of the list in bytes: about 90,000 mappings; the kernel permits 65,530. */
  private static final long MOST_BYTES = 64L << 20;

  /** Maximum time of a count between two pieces of the list. */
  private static final long MOST_NANOS = 500_000_000;

  private final KernelFile file;
  private Owner owner;
  private long from;
  private long to;
  private long sum;

  /** Owner of memory among the mappings. */
  public interface Owner {
    /** Returns whether a mapping with huge pages belongs to the owner. */
    boolean owns(long from, long to);
  }

  HugeMappings(String path) {
    file = KernelFile.openOrNull(path, new byte[KernelFile.PIECE]);
  }

  /** Returns the owner's bytes in huge pages; unknown if the list cannot be read in time. */
  public long bytes(Owner whose) {
    owner = whose;
    from = 0;
    to = 0;
    sum = 0;
    boolean whole = file != null && file.each(this, MOST_BYTES, MOST_NANOS);
    return whole ? sum : Reading.UNKNOWN;
  }

  /** Takes a line: the addresses of a mapping, or a field of the last mapping with addresses. */
  @Override
  public void line(int start) {
    long kib = file.fieldAt(start, FIELD);
    if (kib > 0 && owner.owns(from, to)) {
      sum += kib * KIB;
    } else if (kib == Reading.UNKNOWN) {
      takeAddresses(start);
    }
  }

  private void takeAddresses(int start) {
    int dash = endOfHex(start);
    if (dash > start && file.at(dash) == '-') {
      int end = endOfHex(dash + 1);
      if (end > dash + 1 && file.at(end) == ' ') {
        from = hex(start, dash);
        to = hex(dash + 1, end);
      }
    }
  }

  private int endOfHex(int start) {
    int at = start;
    while (Character.digit(file.at(at), HEX) >= 0) {
      at++;
    }
    return at;
  }

  private long hex(int start, int end) {
    long number = 0;
    for (int at = start; at < end; at++) {
      number = number * HEX + Character.digit(file.at(at), HEX);
    }
    return number;
  }

  @Override
  public void close() {
    KernelFile.closeQuietly(file);
  }
}
