package io.allocmem.pages;

import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/**
 * Frees the memory of buffers, on JDK 8. The cleaner of a buffer has moved between packages: the
 * twins in {@code META-INF/java/9} and {@code META-INF/java/17} have the same method, and newer
 * JDKs load a twin.
 */
final class BufferCleaner {
  private BufferCleaner() {}

  /** Frees the memory of a direct or mapped buffer. No code may use the buffer afterwards. */
  static void clean(ByteBuffer buffer) {
    ((DirectBuffer) buffer).cleaner().clean();
  }
}
