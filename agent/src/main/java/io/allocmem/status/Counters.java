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

  /** The process's RSS before the first block. */
  public long rssBefore = ProcessReadings.UNKNOWN;

  public long rss = ProcessReadings.UNKNOWN;
  public long heapUsed;
  public long heapMax;

  /** The last thing worth saying; empty for nothing. */
  public final AsciiLine message = new AsciiLine(ControlLayout.MESSAGE_BYTES);
}
