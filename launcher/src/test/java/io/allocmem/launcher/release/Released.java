package io.allocmem.launcher.release;

import io.allocmem.launcher.fixtures.MainPom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of the release that the profile {@code release} has built, with the version and the address
 * of the project.
 */
final class Released {
  static final Path DIRECTORY = Path.of("target/release").toAbsolutePath();
  static final String VERSION = MainPom.VERSION;
  static final String URL = MainPom.URL;

  private Released() {}

  /** Returns the path of a file; {@code VERSION} in the name stands for the version. */
  static Path file(String name) {
    return DIRECTORY.resolve(name.replace("VERSION", VERSION));
  }

  /** Returns the names of all files, sorted, with {@code VERSION} for the version. */
  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString().replace(VERSION, "VERSION"))
          .sorted()
          .toList();
    }
  }

  /** Returns the SHA-256 sum of the file, in hexadecimal digits. */
  static String sum(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
