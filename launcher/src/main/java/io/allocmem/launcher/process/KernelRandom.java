package io.allocmem.launcher.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Numbers that nobody can guess. */
final class KernelRandom {
  private KernelRandom() {}

  /** Returns a number from 0; reads the kernel's, since SecureRandom loads 60 classes before. */
  static long number() {
    try (InputStream kernel = new FileInputStream("/dev/urandom")) {
      return ByteBuffer.wrap(kernel.readNBytes(Long.BYTES)).getLong() >>> 1;
    } catch (IOException | BufferUnderflowException notThere) {
      return new SecureRandom().nextLong() >>> 1;
    }
  }
}
