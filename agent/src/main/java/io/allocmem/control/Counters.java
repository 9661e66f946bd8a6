package io.allocmem.control;

/**
 * State of a running plan: phase, readings and message. Written by the plan's thread alone, and
 * copied from here into the control file. Allocates nothing after construction.
 */
public final class Counters extends Readings {
  public Phase phase = Phase.ALLOCATING;

  /** Most recent status message; empty for none. */
  public final AsciiLine message = new AsciiLine(ControlLayout.MESSAGE_BYTES);

  /** Number of log lines that were dropped, and the cause; empty for none. */
  public final AsciiLine logNote = new AsciiLine(ControlLayout.MESSAGE_BYTES / 2);

  private final AsciiLine shown = new AsciiLine(ControlLayout.MESSAGE_BYTES);

  /** Returns the message and the note on the log; valid until the next call. */
  AsciiLine shownMessage() {
    shown.clear().append(message);
    if (message.length() > 0 && logNote.length() > 0) {
      shown.append(';').append(' ');
    }
    return shown.append(logNote);
  }
}
