package io.allocmem.readings;

import java.util.function.BooleanSupplier;

/**
 * Tells whether an OutOfMemoryError is fatal to this JVM now. {@code jcmd PID VM.set_flag} and JMX
 * can set a fatal flag while the JVM runs. Allocates a few hundred bytes.
 */
public final class FatalFlags implements BooleanSupplier {
  /** Only manageable flag of {@code Preflight.FATAL_FLAGS}, from JDK 8 to 25. */
  private static final String MANAGEABLE = "HeapDumpOnOutOfMemoryError";

  private final boolean always;

  /**
   * @param always true if the error is fatal already, for any reason
   */
  public FatalFlags(boolean always) {
    this.always = always;
  }

  @Override
  public boolean getAsBoolean() {
    return always || JvmFlags.areCurrent() && JvmFlags.isOn(MANAGEABLE);
  }
}
