package io.allocmem.pages;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Memory of the C library, and the two facts about this JVM that the areas need. Any thread.
 * Nothing is allocated on the heap once it was rehearsed.
 *
 * <p>{@code Unsafe.allocateMemory} does not zero, so what is not touched stays out of RAM; {@code
 * ByteBuffer.allocateDirect} would zero all of it.
 */
public final class OffHeap {
  /**
   * A method handle makes a class for itself when it has run so often
   * (java.lang.invoke.MethodHandle.CUSTOMIZE_THRESHOLD, 127): not while the heap is full.
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

  /** Bytes in a page of this machine's memory. */
  public static final int PAGE_SIZE = (int) fact("pageSize");

  /**
   * Bytes before the first element of an {@code int[]}: 12, 16, 20 or 24, by JDK and by the flags
   * for compressed class pointers and compact object headers.
   */
  public static final int INT_ARRAY_HEADER = (int) fact("arrayBaseOffset", int[].class);

  /** The most that direct buffers may take, in bytes: {@code -XX:MaxDirectMemorySize}. */
  public static final long MAX_DIRECT_MEMORY = maxDirectMemory();

  private static final long BUFFER_ADDRESS = fact("objectFieldOffset", addressField());

  private OffHeap() {}

  /** Takes, writes and gives back, as often as it takes to do so without allocating on the heap. */
  public static void rehearse() {
    for (int call = 0; call < CALLS_UNTIL_CUSTOMIZED; call++) {
      long address = allocate(Integer.BYTES);
      touch(address);
      free(address);
    }
  }

  /** The same with that buffer, whose memory is given back. */
  public static void rehearse(ByteBuffer buffer) {
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

  /** Reads the int at the address. */
  public static int read(long address) {
    try {
      return (int) GET_INT.invokeExact(address);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Where a direct or mapped buffer's memory begins. */
  public static long addressOf(ByteBuffer buffer) {
    try {
      return (long) GET_FIELD.invokeExact((Object) buffer, BUFFER_ADDRESS);
    } catch (Throwable t) {
      throw undeclared(t);
    }
  }

  /** Gives a direct or mapped buffer's memory back now, not at some later collection. */
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

  /** It has moved: in sun.misc from 9 on, in jdk.internal.misc some releases later. */
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

  /** The JDK's own Unsafe: {@code jdk.internal.misc} from 9 on, {@code sun.misc} on 8. */
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
          "this runtime, of a JDK before 17, has no module jdk.unsupported; link it with that"
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
