package io.allocmem.control;

import io.allocmem.plan.ByteSize;

/**
 * Line of text in a buffer made in advance. Appending allocates nothing, so a plan can write
 * messages while the heap is full. Text beyond the capacity is cut off. One thread.
 */
public final class AsciiLine {
  private static final char DELETE = 127;
  private static final long DAY_MILLIS = 86_400_000;

  private final byte[] bytes;
  private int length;

  /** Makes an empty line with room for this many characters. */
  public AsciiLine(int capacity) {
    bytes = new byte[capacity];
  }

  /** Makes the line empty. */
  public AsciiLine clear() {
    length = 0;
    return this;
  }

  /** Copies the content of another line. */
  public void copy(AsciiLine other) {
    length = Math.min(other.length, bytes.length);
    System.arraycopy(other.bytes, 0, bytes, 0, length);
  }

  /** Ends the line with a separator, also if the line was cut. */
  public void end(String separator) {
    length = Math.min(length, bytes.length - separator.length());
    for (int i = 0; i < separator.length(); i++) {
      bytes[length++] = (byte) separator.charAt(i);
    }
  }

  /**
   * Appends text. A character outside ASCII becomes a question mark. A character that would end the
   * line or move a terminal's cursor becomes a space.
   */
  public AsciiLine append(String text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    return this;
  }

  /** Appends the content of another line. */
  public AsciiLine append(AsciiLine other) {
    return append(other.bytes, 0, other.length);
  }

  /** Appends characters of foreign origin. A character that would end the line becomes a space. */
  AsciiLine append(byte[] ascii, int from, int count) {
    for (int i = from; i < from + count; i++) {
      append((char) Math.max(' ', ascii[i] & 0xff));
    }
    return this;
  }

  /** Appends a whole number. */
  public AsciiLine append(long number) {
    if (number < 0) {
      append('-');
    }
    return appendDigits(number == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(number));
  }

  private AsciiLine appendDigits(long number) {
    long divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      append((char) ('0' + number / divisor % 10));
    }
    return this;
  }

  /** Appends a size as {@link ByteSize#toHuman} writes; a dash for an unknown, negative size. */
  public AsciiLine appendSize(long size) {
    if (size < 0) {
      return append('-');
    }
    long tenths = ByteSize.tenthsOf(size);
    append(tenths / 10);
    if (tenths % 10 != 0) {
      append('.').append(tenths % 10);
    }
    return append(' ').append(ByteSize.unitOf(size));
  }

  /** Appends a duration in seconds, with milliseconds. */
  public AsciiLine appendSeconds(long nanos) {
    long millis = nanos / 1_000_000;
    append(millis / 1000).append('.');
    return appendPadded(millis % 1000, 100).append(" s");
  }

  /** Appends a time in the format of ISO 8601, in UTC: {@code 2026-11-23T07:05:09.042Z}. */
  public AsciiLine appendTime(long millisSince1970) {
    long days = Math.floorDiv(millisSince1970, DAY_MILLIS);
    long millis = Math.floorMod(millisSince1970, DAY_MILLIS);
    appendDate(days);
    append('T').appendPadded(millis / 3_600_000, 10).append(':');
    appendPadded(millis / 60_000 % 60, 10).append(':').appendPadded(millis / 1000 % 60, 10);
    return append('.').appendPadded(millis % 1000, 100).append('Z');
  }

  /**
   * Appends a date. Years begin in March, so a leap day is the last day of a year; 400 years are
   * 146097 days.
   */
  private void appendDate(long daysSince1970) {
    long days = daysSince1970 + 719_468; // since 1 March of the year 0
    long era = Math.floorDiv(days, 146_097);
    long day = Math.floorMod(days, 146_097);
    long year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    long dayOfYear = day - (365 * year + year / 4 - year / 100);
    long month = (5 * dayOfYear + 2) / 153; // 0 is March
    appendPadded(400 * era + year + (month < 10 ? 0 : 1), 1000).append('-');
    appendPadded(month < 10 ? month + 3 : month - 9, 10).append('-');
    appendPadded(dayOfYear - (153 * month + 2) / 5 + 1, 10);
  }

  private AsciiLine appendPadded(long number, long highestDigit) {
    for (long digit = highestDigit; digit > 0; digit /= 10) {
      append((char) ('0' + number / digit % 10));
    }
    return this;
  }

  /** Appends one character. */
  public AsciiLine append(char c) {
    if (length < bytes.length) {
      bytes[length++] = (byte) (c < ' ' || c == DELETE ? ' ' : c < 128 ? c : '?');
    }
    return this;
  }

  /** Returns the buffer itself, not a copy; valid up to {@link #length()}. */
  public byte[] buffer() {
    return bytes;
  }

  /** Returns the number of characters so far. */
  public int length() {
    return length;
  }
}
