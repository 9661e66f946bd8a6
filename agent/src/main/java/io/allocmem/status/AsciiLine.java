package io.allocmem.status;

/**
 * A line of text in a buffer that is there from the start: appending allocates nothing, so a plan
 * can speak while the heap is full. What does not fit is cut off. One thread.
 */
public final class AsciiLine {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;

  private final byte[] bytes;
  private int length;

  /** An empty line of at most so many characters. */
  public AsciiLine(int capacity) {
    bytes = new byte[capacity];
  }

  /** Makes the line empty. */
  public AsciiLine clear() {
    length = 0;
    return this;
  }

  /** Appends text; a character outside ASCII becomes a question mark. */
  public AsciiLine append(String text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    return this;
  }

  /** Appends what another line holds. */
  public AsciiLine append(AsciiLine other) {
    for (int i = 0; i < other.length; i++) {
      append((char) other.bytes[i]);
    }
    return this;
  }

  /** Appends a whole number, zero or above. */
  public AsciiLine append(long number) {
    long divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      append((char) ('0' + number / divisor % 10));
    }
    return this;
  }

  /** Appends bytes as whole MiB where that is exact, else as whole KiB. */
  public AsciiLine appendSize(long size) {
    boolean exact = size % MIB == 0;
    return append(size / (exact ? MIB : KIB)).append(exact ? " MiB" : " KiB");
  }

  /** Appends a time in seconds, with milliseconds. */
  public AsciiLine appendSeconds(long nanos) {
    long millis = nanos / 1_000_000;
    append(millis / 1000).append('.');
    return append((char) ('0' + millis / 100 % 10))
        .append((char) ('0' + millis / 10 % 10))
        .append((char) ('0' + millis % 10))
        .append(" s");
  }

  private AsciiLine append(char c) {
    if (length < bytes.length) {
      bytes[length++] = (byte) (c < 128 ? c : '?');
    }
    return this;
  }

  /** The buffer itself, not a copy; valid up to {@link #length()}. */
  public byte[] buffer() {
    return bytes;
  }

  /** Characters so far. */
  public int length() {
    return length;
  }
}
