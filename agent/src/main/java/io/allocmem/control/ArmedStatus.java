package io.allocmem.control;

/** Status of an armed agent, as a launcher reads from the agent's file. Immutable. */
public final class ArmedStatus {
  /** Protocol number of the agent. */
  public final int protocol;

  /** Start time of the process, in clock ticks since the boot of the agent's time namespace. */
  public final long started;

  /** Boot time of the agent's time namespace beyond the machine's, in nanoseconds. */
  public final long bootOffset;

  /** Version of the agent. */
  public final String agentVersion;

  /** JDK of the target, from {@code java.version}. */
  public final String jdk;

  /** Main class or jar of the target; empty if unknown. */
  public final String mainClass;

  /** The arming, as agent arguments. */
  public final String arguments;

  /** End of the arming, in milliseconds since 1970; {@link Reading#UNKNOWN} for none. */
  public final long endsMillis;

  /** Sequence number of the last answered request. */
  public final int acknowledged;

  /** Answer to this request, of one or more lines; empty for none. */
  public final String answer;

  ArmedStatus(ControlLayout.Reader in, long endsMillis) {
    protocol = in.protocol();
    started = in.started();
    bootOffset = in.bootOffset();
    agentVersion = in.text(ControlLayout.LONGEST_VERSION);
    jdk = in.text(ControlLayout.LONGEST_VERSION);
    mainClass = in.text(ControlLayout.LONGEST_MAIN);
    arguments = in.text(ControlLayout.ARGUMENTS_BYTES);
    this.endsMillis = Math.max(Reading.UNKNOWN, endsMillis);
    in.seek(ArmedLayout.RECORD);
    acknowledged = in.integer();
    in.seek(ArmedLayout.ANSWER);
    answer = in.lines(ArmedLayout.ANSWER_BYTES);
  }
}
