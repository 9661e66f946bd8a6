package jdk.internal.misc;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** Signatures of JDK 9 and newer, to compile against. Not in the jar. */
public final class Unsafe {
  private Unsafe() {}

  public static native Unsafe getUnsafe();

  public native long allocateMemory(long bytes);

  public native void freeMemory(long address);

  public native void putInt(long address, int value);

  public native int getInt(long address);

  public native int getInt(Object object, long offset);

  public native int pageSize();

  public native int addressSize();

  public native long objectFieldOffset(Field field);

  /** Until JDK 21. */
  public native Object getObject(Object object, long offset);

  /** Since JDK 12. */
  public native Object getReference(Object object, long offset);

  /** Since JDK 17. */
  public native void invokeCleaner(ByteBuffer buffer);
}
