package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;

/**
 * Queue of log lines from the logging thread to the writing thread: a ring buffer, allocated at the
 * start. Neither thread waits for the other thread, locks or allocates. If the ring is full, a line
 * is dropped and counted.
 */
final class LogLines {
  /** Number of lines that fit while the writer waits for the stream. */
  private static final int LINES = 128;

  private final AsciiLine[] lines = new AsciiLine[LINES];

  /** Number of lines dropped before each line, since the plan began. */
  private final long[] droppedBefore = new long[LINES];

  /**
   * Number of lines put. The logging thread writes this field after the line: a reader of the field
   * sees the line.
   */
  private volatile long said;

  /**
   * Number of lines written. The writing thread sets this field once the line is no longer needed.
   */
  private volatile long written;

  /** Number of lines dropped. The logging thread writes this field. */
  private volatile long dropped;

  LogLines() {
    for (int i = 0; i < LINES; i++) {
      lines[i] = new AsciiLine(PlanLog.LONGEST_LINE);
    }
  }

  /** Appends a copy of the line; returns false if the line is dropped. */
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

  /** Returns the oldest line; null for an empty queue. */
  AsciiLine oldest() {
    return isEmpty() ? null : lines[(int) (written % LINES)];
  }

  /**
   * Returns the number of lines dropped before the oldest line, or until now if the queue is empty.
   */
  long droppedBeforeOldest() {
    return isEmpty() ? dropped : droppedBefore[(int) (written % LINES)];
  }

  /** Removes the oldest line after the write. Only the writing thread calls this method. */
  void removeOldest() {
    written = written + 1;
  }

  /** Returns true if all lines are written. */
  boolean isEmpty() {
    return said == written;
  }

  /** Returns the number of lines dropped until now. */
  long dropped() {
    return dropped;
  }
}
