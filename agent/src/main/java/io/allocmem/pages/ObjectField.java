package io.allocmem.pages;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Reads private fields of the JDK's own objects, on JDK 8. Twins in {@code META-INF/java/9} and
 * {@code /17} have the same method, and newer JDKs load a twin. Any thread.
 *
 * <p>Reflection would need the package opened to the agent, and loads method handles from JDK 18
 * on.
 */
final class ObjectField {
  private static final Unsafe UNSAFE = unsafe();

  private ObjectField() {}

  /** Returns the only instance. {@code getUnsafe()} refuses callers outside of the JDK. */
  private static Unsafe unsafe() {
    try {
      Field instance = Unsafe.class.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return (Unsafe) instance.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Returns the value of an instance field that holds a reference. */
  static Object get(Object owner, Field field) {
    return UNSAFE.getObject(owner, UNSAFE.objectFieldOffset(field));
  }
}
