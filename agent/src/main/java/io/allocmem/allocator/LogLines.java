package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;

/**
 * Lines on their way from the thread that says them to the one that writes them: a ring that is
 * there from the start. Neither thread ever waits for the other, locks or allocates. A line that
 * finds the ring full is dropped and counted.
 */
final class LogLines {
  /** So many can be said while the writer waits for the stream. */
  private static final int LINES = 128;

  private final AsciiLine[] lines = new AsciiLine[LINES];

  /** How many were dropped before each of the lines, since the plan began. */
  private final long[] droppedBefore = new long[LINES];

  /** Written by the thread that says lines, after the line: who reads it sees the line. */
  private volatile long said;

  /** Written by the thread that writes lines, once it needs the line no more. */
  private volatile long written;

  /** Written by the thread that says lines. */
  private volatile long dropped;

  LogLines() {
    for (int i = 0; i < LINES; i++) {
      lines[i] = new AsciiLine(PlanLog.LONGEST_LINE);
    }
  }

  /** Puts a copy of the line behind the others; false when it is dropped. */
  boolean put(AsciiLine line) {
    long next = said;
    if (next - written >= LINES) {
      dropped = dropped + 1;
      return false;
    }
    int at = (int) (next % LINES);
    lines[at].copy(line);
    droppedBefore[at] = dropped;
    said = next + 1;
    return true;
  }

  /** The oldest line; null when there is none. */
  AsciiLine oldest() {
    return isEmpty() ? null : lines[(int) (written % LINES)];
  }

  /** How many were dropped before the oldest line, or before now when there is none. */
  long droppedBeforeOldest() {
    return isEmpty() ? dropped : droppedBefore[(int) (written % LINES)];
  }

  /** By the thread that writes lines: the oldest is written. */
  void removeOldest() {
    written = written + 1;
  }

  /** Whether all is written. */
  boolean isEmpty() {
    return said == written;
  }

  /** How many were dropped so far. */
  long dropped() {
    return dropped;
  }
}
