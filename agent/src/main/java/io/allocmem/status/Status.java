package io.allocmem.status;

/**
 * One answer of a plan, as a launcher reads it from the control file. Immutable. Bytes, unless said
 * otherwise; {@link ProcessReadings#UNKNOWN} where not measured.
 */
public final class Status {
  /** The control protocol that the agent speaks. */
  public final int protocol;

  /** When its process started, in clock ticks since the boot of the agent's time namespace. */
  public final long started;

  /**
   * What the boot time of the agent's time namespace adds to the machine's, in nanoseconds; zero
   * before protocol 4.
   */
  public final long bootOffset;

  /** The agent that answers. */
  public final String agentVersion;

  /** The target's JDK, as {@code java.version} says it. */
  public final String jdk;

  /** The target's main class or jar; empty when the target does not say. */
  public final String mainClass;

  /** The plan, as agent arguments. */
  public final String arguments;

  /** Sequence number of the last command that the plan carried out. */
  public final int acknowledged;

  public final Phase phase;

  /** When the plan wrote this, in milliseconds since 1970. */
  public final long heartbeatMillis;

  public final long blocks;
  public final long committed;
  public final long touched;
  public final long resident;
  public final long rssBefore;
  public final long rss;
  public final long heapUsed;
  public final long heapMax;
  public final long regionWaste;
  public final long heapLive;
  public final long heapLiveBefore;
  public final long containerUsed;
  public final long containerUsedBefore;
  public final long containerCapacity;

  /** Collections of all collectors since the JVM started; since protocol 3. */
  public final long collections;

  /** For how long they stopped the application so far, in milliseconds; since protocol 3. */
  public final long pauseMillis;

  /** When the next block is due, or what follows a hold, ms since 1970; since protocol 3. */
  public final long dueMillis;

  /** What went back to the kernel so far of blocks that are held; since protocol 3. */
  public final long givenBack;

  /** The last thing worth saying; empty for nothing. */
  public final String message;

  Status(ControlLayout.Reader in) {
    protocol = in.protocol();
    started = in.started();
    bootOffset = in.bootOffset();
    agentVersion = in.text(ControlLayout.LONGEST_VERSION);
    jdk = in.text(ControlLayout.LONGEST_VERSION);
    mainClass = in.text(ControlLayout.LONGEST_MAIN);
    arguments = in.text(ControlLayout.ARGUMENTS_BYTES);
    in.seek(ControlLayout.STATUS);
    acknowledged = in.integer();
    phase = in.phase();
    heartbeatMillis = in.count();
    blocks = in.count();
    committed = in.count();
    touched = in.count();
    resident = in.number();
    rssBefore = in.number();
    rss = in.number();
    heapUsed = in.number();
    heapMax = in.number();
    regionWaste = in.count();
    heapLive = in.number();
    heapLiveBefore = in.number();
    containerUsed = in.number();
    containerUsedBefore = in.number();
    containerCapacity = in.number();
    message = in.text(ControlLayout.MESSAGE_BYTES);
    in.seek(ControlLayout.RECORD_3);
    collections = in.numberSince(3);
    pauseMillis = in.numberSince(3);
    dueMillis = in.numberSince(3);
    givenBack = in.numberSince(3);
  }
}
