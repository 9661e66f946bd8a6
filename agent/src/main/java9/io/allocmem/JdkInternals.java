package io.allocmem;

import java.lang.instrument.Instrumentation;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Opens internals of java.base to this module, on JDK 9 to 16: see the class for JDK 8. */
final class JdkInternals {
  private JdkInternals() {}

  /**
   * Does nothing: each class may use native code.
   *
   * @return false: {@link #open} is the first call that is slow
   */
  static boolean permitNativeAccess(Instrumentation instrumentation) {
    return false;
  }

  /** Exports the packages that the {@code pages} package uses. */
  static void open(Instrumentation instrumentation) {
    Set<Module> ours = Collections.singleton(JdkInternals.class.getModule());
    Map<String, Set<Module>> exports = new HashMap<>();
    exports.put("jdk.internal.misc", ours); // memory by address
    exports.put("jdk.internal.ref", ours); // cleaners of buffers
    exports.put("sun.nio.ch", ours); // addresses of buffers
    instrumentation.redefineModule(
        Object.class.getModule(),
        Collections.emptySet(),
        exports,
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.emptyMap());
  }
}
