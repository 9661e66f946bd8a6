package io.allocmem;

import java.lang.instrument.Instrumentation;
import java.lang.module.ModuleDescriptor;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * Opens internals of java.base to the {@code pages} package, on JDK 17 and newer: see the class for
 * JDK 8. JDK 24 and later print no warning for native code (JEP 472).
 *
 * <p>Native access is granted to modules. For native access, all unnamed modules are one module,
 * including the application's. If native access is restricted (JDK 22 and newer), the package
 * therefore becomes a named module.
 */
final class JdkInternals {
  private static final String PAGES = "io.allocmem.pages";
  private static final int NATIVE_ACCESS_IS_RESTRICTED = 22;

  /** Module of the {@code pages} package. */
  private static Module pages = JdkInternals.class.getModule();

  private JdkInternals() {}

  /**
   * Permits native code to the {@code pages} package, where JVMs restrict it: before the package is
   * used.
   *
   * @return false if {@link #open} is the first call that is slow: the JVM spins lambdas then
   */
  static boolean permitNativeAccess(Instrumentation instrumentation) {
    int release = Integer.parseInt(System.getProperty("java.specification.version"));
    boolean restricted = release >= NATIVE_ACCESS_IS_RESTRICTED;
    if (restricted) {
      export(instrumentation, pages, "jdk.internal.access");
      pages = pagesModule();
    }
    return restricted;
  }

  /** Exports the packages that the {@code pages} package uses. */
  static void open(Instrumentation instrumentation) {
    // memory by address; addresses of buffers
    export(instrumentation, pages, "jdk.internal.misc", "sun.nio.ch");
  }

  private static void export(Instrumentation instrumentation, Module to, String... packages) {
    Map<String, Set<Module>> exports = new HashMap<>();
    for (String internal : packages) {
      exports.put(internal, Collections.singleton(to));
    }
    instrumentation.redefineModule(
        Object.class.getModule(),
        Collections.emptySet(),
        exports,
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.emptyMap());
  }

  private static Module pagesModule() {
    ModuleDescriptor pages =
        SharedSecrets.getJavaLangModuleAccess()
            .newModuleBuilder(PAGES, false, Collections.emptySet()) // not strict: no lambda
            .packages(Collections.singleton(PAGES))
            .build();
    JavaLangAccess java = SharedSecrets.getJavaLangAccess();
    Module module = java.defineModule(JdkInternals.class.getClassLoader(), pages, null);
    java.addReads(module, Object.class.getModule());
    java.addReadsAllUnnamed(module);
    java.addExports(module, PAGES);
    permitNativeAccess(java, module);
    return module;
  }

  private static void permitNativeAccess(JavaLangAccess java, Module module) {
    try {
      java.addEnableNativeAccess(module);
    } catch (NoSuchMethodError noResult) {
      NativeAccess.permit(java, module);
    }
  }
}
