package io.allocmem;

import java.lang.instrument.Instrumentation;

/**
 * Opens the JDK's own factories of management beans to this class's loader, and to no other code.
 * JDK 8 needs nothing: its public factories are cheap. The twin in {@code META-INF/java/11} has the
 * same method, and newer JDKs load the twin.
 */
final class ManagementInternals {
  private ManagementInternals() {}

  /** Does nothing on JDK 8 to 10, the JDKs of this class. */
  static void open(Instrumentation instrumentation) {}
}
