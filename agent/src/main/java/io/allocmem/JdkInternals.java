package io.allocmem;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Opens internals of java.base to the {@code pages} package, and to no other code, with the agent's
 * Instrumentation. No flag is needed. JDK 24 and later print no warning for {@code sun.misc.Unsafe}
 * (JEP 498) and for native code (JEP 472). Runs once, in the attach thread, before a class of the
 * package is loaded.
 *
 * <p>Native access is granted to modules. For native access, all unnamed modules are one module,
 * including the application's. If native access is restricted, the package therefore becomes a
 * named module.
 *
 * <p>Uses reflection throughout: the class files are for Java 8, a release without modules.
 */
final class JdkInternals {
  private static final String PAGES = "io.allocmem.pages";

  private final Instrumentation instrumentation;
  private final Object javaBase;
  private final Object ourModule;

  private JdkInternals(Instrumentation instrumentation, Method getModule)
      throws ReflectiveOperationException {
    this.instrumentation = instrumentation;
    this.javaBase = getModule.invoke(Object.class);
    this.ourModule = getModule.invoke(JdkInternals.class);
  }

  /**
   * Does nothing on JDK 8, a release without modules.
   *
   * @throws ReflectiveOperationException if this JVM does not permit an agent to open internals
   */
  static void open(Instrumentation instrumentation) throws ReflectiveOperationException {
    Method getModule;
    try {
      getModule = Class.class.getMethod("getModule");
    } catch (NoSuchMethodException java8) {
      return;
    }
    JdkInternals internals = new JdkInternals(instrumentation, getModule);
    boolean restricted = Double.parseDouble(System.getProperty("java.specification.version")) >= 22;
    internals.export(
        "jdk.internal.misc", restricted ? internals.pagesModule() : internals.ourModule);
  }

  private void export(String internal, Object to) throws ReflectiveOperationException {
    Map<String, Set<?>> exports = new HashMap<>();
    exports.put(internal, Collections.singleton(to));
    invoke(
        Instrumentation.class,
        instrumentation,
        "redefineModule",
        javaBase,
        Collections.emptySet(),
        exports,
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.emptyMap());
  }

  private Object pagesModule() throws ReflectiveOperationException {
    export("jdk.internal.access", ourModule);
    Class<?> secrets = Class.forName("jdk.internal.access.SharedSecrets");
    Class<?> accessType = Class.forName("jdk.internal.access.JavaLangAccess");
    Object access = secrets.getMethod("getJavaLangAccess").invoke(null);
    Class<?> descriptor = Class.forName("java.lang.module.ModuleDescriptor");
    Object builder = descriptor.getMethod("newModule", String.class).invoke(null, PAGES);
    invoke(builder.getClass(), builder, "packages", Collections.singleton(PAGES));
    Object described = builder.getClass().getMethod("build").invoke(builder);
    ClassLoader ours = JdkInternals.class.getClassLoader();
    Object module = invoke(accessType, access, "defineModule", ours, described, null);
    invoke(accessType, access, "addReads", module, javaBase);
    invoke(accessType, access, "addReadsAllUnnamed", module);
    invoke(accessType, access, "addExports", module, PAGES);
    invoke(accessType, access, "addEnableNativeAccess", module);
    return module;
  }

  /** Invokes the public method with the given name and number of arguments. */
  private static Object invoke(Class<?> type, Object on, String name, Object... arguments)
      throws ReflectiveOperationException {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        return method.invoke(on, arguments);
      }
    }
    throw new NoSuchMethodException(type.getName() + "." + name);
  }
}
