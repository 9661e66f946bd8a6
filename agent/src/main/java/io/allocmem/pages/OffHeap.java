package io.allocmem.pages;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Memory of the C library, and two facts about this JVM for the areas. Any thread. Allocates
 * nothing on the heap after the warm-up.
 *
 * <p>{@code Unsafe.allocateMemory} does not zero memory, so untouched memory stays out of RAM.
 * {@code ByteBuffer.allocateDirect} would zero all memory.
 */
public final class OffHeap {
  /**
   * Number of warm-up calls. A method handle defines a class for itself after many calls
   * (java.lang.invoke.MethodHandle.CUSTOMIZE_THRESHOLD, 127). This must not happen with a full
   * heap.
   */
  private static final int CALLS_UNTIL_CUSTOMIZED = 200;

  private static final Object UNSAFE;
  private static final MethodHandle ALLOCATE;
  private static final MethodHandle FREE;
  private static final MethodHandle PUT_INT;
  private static final MethodHandle GET_INT;
  private static final MethodHandle GET_FIELD;
  private static final MethodHandle CLEAN;

  static {
    try {
      UNSAFE = unsafe();
      ALLOCATE = handle("allocateMemory", long.class, long.class);
      FREE = handle("freeMemory", void.class, long.class);
      PUT_INT = handle("putInt", void.class, long.class, int.class);
      GET_INT = handle("getInt", int.class, long.class);
      GET_FIELD = handle("getLong", long.class, Object.class, long.class);
      CLEAN = cleaner();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Page size of this machine in bytes. */
  public static final int PAGE_SIZE = (int) fact("pageSize");

  /**
   * Header size of an {@code int[]} in bytes: 12, 16, 20 or 24. The size depends on the JDK, and on
   * the flags for compressed class pointers and compact object headers.
   */
  public static final int INT_ARRAY_HEADER = (int) fact("arrayBaseOffset", int[].class);

  /** Limit of direct buffers in bytes: {@code -XX:MaxDirectMemorySize}. */
  public static final long MAX_DIRECT_MEMORY = maxDirectMemory();

  private static final long BUFFER_ADDRESS = fact("objectFieldOffset", addressField());

  private OffHeap() {}

  /**
   * Warms up: allocates, writes and frees memory until these calls no longer allocate on the heap.
   */
  public static void warmUp() {
    for (int call = 0; call < CALLS_UNTIL_CUSTOMIZED; call++) {
      long address = allocate(Integer.BYTES);
      touch(address);
      free(address);
    }
  }

  /** Warms up with a buffer, and frees the buffer's memory. */
  public static void warmUp(ByteBuffer buffer) {
    long address = addressOf(buffer);
    for (int call = 0; call < CALLS_UNTIL_CUSTOMIZED; call++) {
      touch(address);
      read(address);
    }
    for (int call = 0; call < CALLS_UNTIL_CUSTOMIZED; call++) {
      addressOf(buffer);
      free(buffer);
    }
  }

  /**
   * Allocates memory, not zeroed and not resident.
   *
   * @return the address, aligned to at least 16 bytes
   * @throws OutOfMemoryError if the C library refuses. Java code throws this error, so the error
   *     triggers none of the JVM's OnOutOfMemoryError flags
   */
  public static long allocate(long bytes) {
    try {
      return (long) ALLOCATE.invokeExact(bytes);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Frees an allocation. */
  public static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Writes an int at the address. A read would only map the kernel's shared zero page. */
  public static void touch(long address) {
    try {
      PUT_INT.invokeExact(address, 1);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Reads the int at the address. */
  public static int read(long address) {
    try {
      return (int) GET_INT.invokeExact(address);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Returns the address of a direct or mapped buffer's memory. */
  public static long addressOf(ByteBuffer buffer) {
    try {
      return (long) GET_FIELD.invokeExact((Object) buffer, BUFFER_ADDRESS);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Frees a direct or mapped buffer's memory now, not at a later collection. */
  public static void free(ByteBuffer buffer) {
    try {
      CLEAN.invokeExact(buffer);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  private static long maxDirectMemory() {
    try {
      boolean java8 = UNSAFE.getClass().getName().startsWith("sun.misc");
      Class<?> vm = Class.forName(java8 ? "sun.misc.VM" : "jdk.internal.misc.VM");
      return (long) vm.getMethod("maxDirectMemory").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static Field addressField() {
    try {
      return Buffer.class.getDeclaredField("address");
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Finds the cleaner of buffers. The cleaner has moved: in JDK 9 to sun.misc.Unsafe, some releases
   * later to jdk.internal.misc.
   */
  private static MethodHandle cleaner() throws ReflectiveOperationException {
    try {
      return handle(UNSAFE, "invokeCleaner", void.class, ByteBuffer.class);
    } catch (NoSuchMethodException before17) {
      Object older = sunMiscUnsafe();
      return older == UNSAFE
          ? cleanerOfJava8()
          : handle(older, "invokeCleaner", void.class, ByteBuffer.class);
    }
  }

  private static MethodHandle cleanerOfJava8() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> buffer = Class.forName("sun.nio.ch.DirectBuffer");
    Class<?> cleaner = Class.forName("sun.misc.Cleaner");
    MethodHandle get = lookup.findVirtual(buffer, "cleaner", MethodType.methodType(cleaner));
    MethodHandle clean = lookup.findVirtual(cleaner, "clean", MethodType.methodType(void.class));
    return MethodHandles.filterReturnValue(get, clean)
        .asType(MethodType.methodType(void.class, ByteBuffer.class));
  }

  /**
   * Returns the JDK's own Unsafe: {@code jdk.internal.misc} from JDK 9 on, {@code sun.misc} on JDK
   * 8.
   */
  private static Object unsafe() throws ReflectiveOperationException {
    try {
      Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
      return type.getMethod("getUnsafe").invoke(null);
    } catch (ClassNotFoundException java8) {
      return sunMiscUnsafe();
    }
  }

  private static Object sunMiscUnsafe() throws ReflectiveOperationException {
    try {
      Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (ClassNotFoundException linked) {
      throw new UnsupportedOperationException(
          "this runtime, of a JDK before 17, has no module jdk.unsupported; link the runtime with that module"
              + " (jlink --add-modules jdk.unsupported,…)");
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
    return handle(UNSAFE, name, returns, parameters);
  }

  private static MethodHandle handle(
      Object unsafe, String name, Class<?> returns, Class<?>... parameters)
      throws ReflectiveOperationException {
    return MethodHandles.lookup()
        .findVirtual(unsafe.getClass(), name, MethodType.methodType(returns, parameters))
        .bindTo(unsafe);
  }

  /**
   * Calls a method by name alone: {@code arrayBaseOffset} returns int up to JDK 24 and long from 25
   * on.
   */
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
