package io.allocmem.pages;

import java.lang.reflect.Field;
import jdk.internal.misc.Unsafe;

/** Reads private fields of the JDK's own objects, on JDK 17 and newer: see the class for JDK 8. */
final class ObjectField {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  private ObjectField() {}

  /** Returns the value of an instance field that holds a reference. */
  static Object get(Object owner, Field field) {
    return UNSAFE.getReference(owner, UNSAFE.objectFieldOffset(field));
  }
}
