package io.allocmem.control;

/** Status of a plan, as a launcher reads from the control file. Immutable. */
public final class Status {
  /** Protocol number of the agent. */
  public final int protocol;

  /** Start time of the process, in clock ticks since the boot of the agent's time namespace. */
  public final long started;

  /**
   * Boot time of the agent's time namespace beyond the machine's, in nanoseconds; zero before
   * protocol 4.
   */
  public final long bootOffset;

  /** Version of the agent. */
  public final String agentVersion;

  /** JDK of the target, from {@code java.version}. */
  public final String jdk;

  /** Main class or jar of the target; empty if unknown. */
  public final String mainClass;

  /** The plan, as agent arguments. */
  public final String arguments;

  /** Sequence number of the last command that the plan carried out. */
  public final int acknowledged;

  public final Phase phase;

  /** Time of this record, in milliseconds since 1970. */
  public final long heartbeatMillis;

  private final Readings readings = new Readings();

  /** Most recent status message; empty for none. */
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
    in.readings(readings, 0, Reading.IN_FIRST);
    message = in.text(ControlLayout.MESSAGE_BYTES);
    in.seek(ControlLayout.RECORD_3);
    in.readings(readings, Reading.IN_FIRST, Reading.COUNT);
  }

  /** Returns a copy of all readings. */
  public Readings readings() {
    return new Readings(readings);
  }

  /** Returns the value; {@link Reading#UNKNOWN} for none. */
  public long get(Reading reading) {
    return readings.get(reading);
  }
}
