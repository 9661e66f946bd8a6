package io.allocmem;

import java.lang.instrument.Instrumentation;

/**
 * Opens internals of java.base to the {@code pages} package, and to no other code, with the agent's
 * Instrumentation. No flag is needed. Runs once, in the attach thread, before a class of the
 * package is loaded.
 *
 * <p>JDK 8 has no modules and hides nothing. The twins in {@code META-INF/java/9} and {@code
 * META-INF/java/17} have the same method, and newer JDKs load a twin.
 */
final class JdkInternals {
  private JdkInternals() {}

  /**
   * Does nothing: each class may use native code.
   *
   * @return true: there is nothing to open
   */
  static boolean permitNativeAccess(Instrumentation instrumentation) {
    return true;
  }

  /** Does nothing on JDK 8, a release without modules. */
  static void open(Instrumentation instrumentation) {}
}
