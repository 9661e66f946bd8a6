package io.allocmem;

import io.allocmem.control.ByteLock;
import io.allocmem.pages.FileLocks;
import java.io.IOException;
import java.io.RandomAccessFile;

/** Lock by the page library, which loads no classes of the JDK. */
final class LibraryLock implements ByteLock {
  @Override
  public boolean take(RandomAccessFile file, long position) throws IOException {
    return FileLocks.take(file.getFD(), position);
  }
}
