package io.allocmem.control;

/** Status of an armed agent, as a launcher reads from the agent's file. Immutable. */
public final class ArmedStatus extends FileHead {
  /** End of the arming, in milliseconds since 1970; {@link Reading#UNKNOWN} for none. */
  public final long endsMillis;

  /** Sequence number of the last answered request. */
  public final int acknowledged;

  /** Answer to this request, of one or more lines; empty for none. */
  public final String answer;

  ArmedStatus(ControlLayout.Reader in, long endsMillis) {
    super(in);
    this.endsMillis = Math.max(Reading.UNKNOWN, endsMillis);
    in.seek(ArmedLayout.RECORD);
    acknowledged = in.integer();
    in.seek(ArmedLayout.ANSWER);
    answer = in.lines(ArmedLayout.ANSWER_BYTES);
  }
}
