package io.allocmem.pages;

import java.nio.ByteBuffer;
import jdk.internal.misc.Unsafe;

/** Frees the memory of buffers, on JDK 17 and newer: see the class for JDK 8. */
final class BufferCleaner {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  private BufferCleaner() {}

  /** Frees the memory of a direct or mapped buffer. No code may use the buffer afterwards. */
  static void clean(ByteBuffer buffer) {
    UNSAFE.invokeCleaner(buffer);
  }
}
