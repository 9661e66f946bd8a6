package io.allocmem;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Opens to the {@code pages} package what it needs of java.base, and to nobody else, with the
 * agent's Instrumentation: no flag, and none of the warnings of JDK 24 and later, for {@code
 * sun.misc.Unsafe} (JEP 498) and for native code (JEP 472). Runs once, in the thread that brought
 * the agent, before a class of that package is loaded.
 *
 * <p>Native access is given to modules, and all unnamed ones are one module in this, the
 * application's too: so where it is restricted the package becomes a module of its own.
 *
 * <p>Reflection throughout, since the class files are Java 8's and that release has no modules.
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
   * Does nothing on JDK 8, where there are no modules.
   *
   * @throws ReflectiveOperationException when this JVM does not let an agent do so
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

  /** The public method of that name that takes so many arguments. */
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
