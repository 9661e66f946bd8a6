package io.allocmem.status;

/**
 * What a plan says of itself while it runs: written by its own thread only, into fields that are
 * there from the start, and copied into the control file from here. Bytes, unless said otherwise.
 */
public final class Counters {
  public Phase phase = Phase.ALLOCATING;
  public long blocks;
  public long committed;
  public long touched;

  /** In RAM of all blocks, counted by the kernel page by page. */
  public long resident = ProcessReadings.UNKNOWN;

  /** What the heap lost to blocks beyond their size: whole regions. */
  public long regionWaste;

  /** The process's RSS before the first block. */
  public long rssBefore = ProcessReadings.UNKNOWN;

  /** What others have live on the heap, as the first collection that the plan saw left it. */
  public long heapLiveBefore = ProcessReadings.UNKNOWN;

  /** What was used of the container before the first block. */
  public long containerUsedBefore = ProcessReadings.UNKNOWN;

  public long rss = ProcessReadings.UNKNOWN;
  public long heapUsed;
  public long heapMax;

  /** Used right after the last collection, and what the plan has taken since. */
  public long heapLive = ProcessReadings.UNKNOWN;

  public long containerUsed = ProcessReadings.UNKNOWN;
  public long containerCapacity = ProcessReadings.UNKNOWN;

  /** Collections of all collectors since the JVM started. */
  public long collections = ProcessReadings.UNKNOWN;

  /** For how long they stopped the application so far, in milliseconds. */
  public long pauseMillis = ProcessReadings.UNKNOWN;

  /** When the next block is due, or what follows a hold, in milliseconds since 1970. */
  public long dueMillis = ProcessReadings.UNKNOWN;

  /** What went back to the kernel so far of blocks that are held: more than the fill ratio. */
  public long givenBack;

  /** The last thing worth saying; empty for nothing. */
  public final AsciiLine message = new AsciiLine(ControlLayout.MESSAGE_BYTES);

  /** How many lines of the log nobody took, and why; empty for none. */
  public final AsciiLine logNote = new AsciiLine(ControlLayout.MESSAGE_BYTES / 2);

  private final AsciiLine shown = new AsciiLine(ControlLayout.MESSAGE_BYTES);

  /** The message, with the note on the log; valid until the next call. Allocates nothing. */
  AsciiLine shownMessage() {
    shown.clear().append(message);
    if (message.length() > 0 && logNote.length() > 0) {
      shown.append(';').append(' ');
    }
    return shown.append(logNote);
  }
}
