package io.allocmem.readings;

import java.util.function.BooleanSupplier;

/**
 * Whether an OutOfMemoryError is fatal to this JVM: now, since a flag for that can be set while the
 * JVM runs, by {@code jcmd PID VM.set_flag} or JMX. Allocates some hundred bytes.
 */
public final class FatalFlags implements BooleanSupplier {
  /** The only one of {@code Preflight.FATAL_FLAGS} that is manageable, from JDK 8 to 25. */
  private static final String MANAGEABLE = "HeapDumpOnOutOfMemoryError";

  private final boolean always;

  /**
   * @param always whether it is fatal already, for whatever reason
   */
  public FatalFlags(boolean always) {
    this.always = always;
  }

  @Override
  public boolean getAsBoolean() {
    return always || JvmFlags.areCurrent() && JvmFlags.isOn(MANAGEABLE);
  }
}
