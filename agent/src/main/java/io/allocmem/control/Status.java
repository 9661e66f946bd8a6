package io.allocmem.control;

/** Status of a plan, as a launcher reads from the control file. Immutable. */
public final class Status extends FileHead {
  /** Sequence number of the last command that the plan carried out. */
  public final int acknowledged;

  public final Phase phase;

  /** Time of this record, in milliseconds since 1970. */
  public final long heartbeatMillis;

  private final Readings readings = new Readings();

  /** Most recent status message; empty for none. */
  public final String message;

  Status(ControlLayout.Reader in) {
    super(in);
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
