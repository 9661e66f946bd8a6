package io.allocmem.control;

import java.io.IOException;
import java.io.RandomAccessFile;

/** Way to lock one byte of an open file, until the process closes the file or ends; fcntl(2). */
public interface ByteLock {
  /**
   * Locks a byte, exclusively and without a wait.
   *
   * @return false if another process has locked the byte
   */
  boolean take(RandomAccessFile file, long position) throws IOException;
}
