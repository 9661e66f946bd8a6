package sun.misc;

import java.lang.reflect.Field;

/** Signatures of JDK 8, to compile against. Not in the jar. */
public final class Unsafe {
  private Unsafe() {}

  public native long allocateMemory(long bytes);

  public native void freeMemory(long address);

  public native void putInt(long address, int value);

  public native int getInt(long address);

  public native int getInt(Object object, long offset);

  public native int pageSize();

  public native int addressSize();

  public native Object getObject(Object object, long offset);

  public native long objectFieldOffset(Field field);
}
