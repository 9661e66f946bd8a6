package io.allocmem;

import jdk.internal.access.JavaLangAccess;

/**
 * Permission of native access on JDK 26 and newer, where the JDK's method has no result. A call by
 * reflection makes four classes there, and the JVM then compiles its own writer of classes: 6 MiB.
 */
final class NativeAccess {
  private NativeAccess() {}

  static void permit(JavaLangAccess java, Module module) {
    java.addEnableNativeAccess(module);
  }
}
