package io.allocmem.pages;

import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/** Frees the memory of buffers, on JDK 9 to 16: see the class for JDK 8. */
final class BufferCleaner {
  private BufferCleaner() {}

  /** Frees the memory of a direct or mapped buffer. No code may use the buffer afterwards. */
  static void clean(ByteBuffer buffer) {
    ((DirectBuffer) buffer).cleaner().clean();
  }
}
