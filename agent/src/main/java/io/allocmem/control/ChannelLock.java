package io.allocmem.control;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Lock by the JDK, which loads the classes of channels: 26, and 55 on JDK 8. For JVMs without the
 * page library.
 */
public final class ChannelLock implements ByteLock {
  @Override
  public boolean take(RandomAccessFile file, long position) throws IOException {
    return file.getChannel().tryLock(position, 1, false) != null;
  }
}
