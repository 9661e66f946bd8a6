package io.allocmem.pages;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Memory of the C library, and the two facts about this JVM that the areas need. Any thread.
 * Nothing is allocated on the heap once each method has run once.
 *
 * <p>{@code Unsafe.allocateMemory} does not zero, so what is not touched stays out of RAM; {@code
 * ByteBuffer.allocateDirect} would zero all of it.
 */
public final class OffHeap {
  private static final Object UNSAFE;
  private static final MethodHandle ALLOCATE;
  private static final MethodHandle FREE;
  private static final MethodHandle PUT_INT;

  static {
    try {
      UNSAFE = unsafe();
      ALLOCATE = handle("allocateMemory", long.class, long.class);
      FREE = handle("freeMemory", void.class, long.class);
      PUT_INT = handle("putInt", void.class, long.class, int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Bytes in a page of this machine's memory. */
  public static final int PAGE_SIZE = (int) fact("pageSize");

  /**
   * Bytes before the first element of an {@code int[]}: 12, 16, 20 or 24, by JDK and by the flags
   * for compressed class pointers and compact object headers.
   */
  public static final int INT_ARRAY_HEADER = (int) fact("arrayBaseOffset", int[].class);

  private OffHeap() {}

  /**
   * Takes that many bytes, not zeroed and not resident.
   *
   * @return the address, aligned to 16 at least
   * @throws OutOfMemoryError when the C library refuses; thrown by Java code, so it triggers none
   *     of the JVM's OnOutOfMemoryError flags
   */
  public static long allocate(long bytes) {
    try {
      return (long) ALLOCATE.invokeExact(bytes);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Gives an allocation back. */
  public static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /**
   * Writes one int at the address. A write, since a read would map the kernel's shared zero page.
   */
  public static void touch(long address) {
    try {
      PUT_INT.invokeExact(address, 1);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** The JDK's own Unsafe: {@code jdk.internal.misc} from 9 on, {@code sun.misc} on 8. */
  private static Object unsafe() throws ReflectiveOperationException {
    try {
      Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
      return type.getMethod("getUnsafe").invoke(null);
    } catch (ClassNotFoundException java8) {
      Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    }
  }

  private static RuntimeException undeclared(Throwable t) {
    if (t instanceof Error) {
      throw (Error) t;
    }
    throw (RuntimeException) t;
  }

  private static MethodHandle handle(String name, Class<?> returns, Class<?>... parameters)
      throws ReflectiveOperationException {
    return MethodHandles.lookup()
        .findVirtual(UNSAFE.getClass(), name, MethodType.methodType(returns, parameters))
        .bindTo(UNSAFE);
  }

  /** By name alone: {@code arrayBaseOffset} returns int up to JDK 24 and long from 25 on. */
  private static long fact(String name, Object... arguments) {
    try {
      for (Method method : UNSAFE.getClass().getMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
          return ((Number) method.invoke(UNSAFE, arguments)).longValue();
        }
      }
      throw new NoSuchMethodException(name);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
