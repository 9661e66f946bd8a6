package io.allocmem.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/**
 * Writes a file completely or not at all. In a directory like {@code /tmp}, another user may have
 * created a symbolic link, a pipe or a file under this name. Such a file is replaced, and never
 * written to.
 */
final class NewFile {
  private static final SecureRandom RANDOM = new SecureRandom();

  private NewFile() {}

  static void replace(Path file, byte[] content) throws IOException {
    String name = ".%s.%016x".formatted(file.getFileName(), RANDOM.nextLong());
    Path beside = file.resolveSibling(name);
    try {
      Files.write(beside, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE); // rename(2) follows no link
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
