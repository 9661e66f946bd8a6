package io.allocmem.pages;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code jdk.internal.misc} to our own class loader's module, and to nobody else, with the
 * agent's Instrumentation: no flag, and none of the warnings that JDK 24 and later print for {@code
 * sun.misc.Unsafe} (JEP 498). Runs once, in the thread that brought the agent.
 *
 * <p>Reflection throughout, since the class files are Java 8's and that release has no modules.
 */
public final class JdkInternals {
  private JdkInternals() {}

  /**
   * Exports {@code java.base/jdk.internal.misc} to this class's own module; on JDK 8, where there
   * are no modules, does nothing.
   *
   * @throws ReflectiveOperationException when this JVM does not let an agent do so
   */
  public static void open(Instrumentation instrumentation) throws ReflectiveOperationException {
    Method getModule;
    try {
      getModule = Class.class.getMethod("getModule");
    } catch (NoSuchMethodException java8) {
      return;
    }
    Set<Object> ours = Collections.singleton(getModule.invoke(JdkInternals.class));
    Map<String, Set<Object>> exports = Collections.singletonMap("jdk.internal.misc", ours);
    Object javaBase = getModule.invoke(Object.class);
    Method redefine = null;
    for (Method method : Instrumentation.class.getMethods()) {
      redefine = method.getName().equals("redefineModule") ? method : redefine;
    }
    if (redefine == null) {
      throw new NoSuchMethodException("Instrumentation.redefineModule");
    }
    redefine.invoke(
        instrumentation,
        javaBase,
        Collections.emptySet(),
        exports,
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.emptyMap());
  }

  /** The JDK's own Unsafe: {@code jdk.internal.misc} from 9 on, {@code sun.misc} on 8. */
  static Object unsafe() throws ReflectiveOperationException {
    try {
      Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
      return type.getMethod("getUnsafe").invoke(null);
    } catch (ClassNotFoundException java8) {
      java.lang.reflect.Field field =
          Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (InvocationTargetException e) {
      throw new ReflectiveOperationException(e.getCause());
    }
  }
}
