package io.allocmem;

import java.lang.instrument.Instrumentation;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Opens the JDK's own factories of management beans to this class's loader, and to no other code.
 * The public factories search all beans of all providers: 280 to 390 classes for one bean on JDK 17
 * and 25, measured with {@code -Xlog:class+load}. The JDK's own factories need about 35.
 */
final class ManagementInternals {
  private ManagementInternals() {}

  /** Opens the packages of the modules that this runtime has. */
  static void open(Instrumentation instrumentation) {
    export(instrumentation, "java.management", "sun.management");
    export(instrumentation, "jdk.management", "com.sun.management.internal");
  }

  private static void export(Instrumentation instrumentation, String module, String internal) {
    Optional<Module> found = ModuleLayer.boot().findModule(module);
    if (found.isPresent()) { // a runtime that jlink made may lack the module
      Module ours = ManagementInternals.class.getModule();
      Map<String, Set<Module>> exports = new HashMap<>(); // loaded already, unlike singletonMap
      exports.put(internal, Collections.singleton(ours));
      instrumentation.redefineModule(
          found.get(),
          Collections.emptySet(),
          exports,
          Collections.emptyMap(),
          Collections.emptySet(),
          Collections.emptyMap());
    }
  }
}
