package io.allocmem.control;

/** Fields that stay constant, of a control file and of the file of an armed agent. Immutable. */
public abstract class FileHead {
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

  /** The plan or the arming, as agent arguments. */
  public final String arguments;

  /** Reads the fields, and leaves the reader behind them. */
  FileHead(ControlLayout.Reader in) {
    protocol = in.protocol();
    started = in.started();
    bootOffset = in.bootOffset();
    agentVersion = in.text(ControlLayout.LONGEST_VERSION);
    jdk = in.text(ControlLayout.LONGEST_VERSION);
    mainClass = in.text(ControlLayout.LONGEST_MAIN);
    arguments = in.text(ControlLayout.ARGUMENTS_BYTES);
  }
}
