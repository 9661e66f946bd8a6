package io.allocmem.pages;

import java.io.FileDescriptor;
import java.io.IOException;

/** Locks of bytes of files, by fcntl(2) through the page library. Any thread. */
public final class FileLocks {
  /** Errors of fcntl(2) for a byte that another process has locked. */
  private static final long EAGAIN = -11;

  private static final long EACCES = -13;

  private FileLocks() {}

  /**
   * Locks one byte, exclusively and without a wait. The kernel drops the lock when this process
   * closes any descriptor of the file.
   *
   * @return false if another process has locked the byte
   * @throws UnsatisfiedLinkError if the library is not loaded
   */
  public static boolean take(FileDescriptor file, long position) throws IOException {
    long error = lock(file, position);
    if (error != 0 && error != EAGAIN && error != EACCES) {
      throw new IOException("the kernel refuses a lock (errno " + -error + ")");
    }
    return error == 0;
  }

  private static native long lock(FileDescriptor file, long position);
}
