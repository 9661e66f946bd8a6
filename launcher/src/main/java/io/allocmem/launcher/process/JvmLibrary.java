package io.allocmem.launcher.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The library libjvm.so, mapped into every JVM and into no other process. */
final class JvmLibrary {
  /** Part of the line in {@code /proc/PID/maps}. */
  static final String NAME = "/libjvm.so";

  private static final Pattern PATH = Pattern.compile("\\s(/\\S.*/libjvm\\.so)( \\(deleted\\))?$");

  /** Placeholder for a path with characters outside the launcher's locale. */
  private static final Path UNNAMED = Path.of("/?/libjvm.so");

  private JvmLibrary() {}

  /**
   * Returns the path of the library.
   *
   * @param line a line of {@code /proc/PID/maps}, one character per byte
   */
  static Optional<Path> in(String line) {
    Matcher found = PATH.matcher(line);
    if (!found.find()) {
      return Optional.empty();
    }
    byte[] bytes = found.group(1).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return Optional.of(Path.of(new String(bytes, StandardCharsets.UTF_8)));
    } catch (InvalidPathException notInThisLocale) {
      return Optional.of(UNNAMED);
    }
  }
}
