package io.allocmem.launcher.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The library that is mapped into every JVM and into nothing else. */
final class JvmLibrary {
  /** What a line of {@code /proc/PID/maps} has in it. */
  static final String NAME = "/libjvm.so";

  private static final Pattern PATH = Pattern.compile("\\s(/\\S.*/libjvm\\.so)( \\(deleted\\))?$");

  /** Stands for a path that this launcher's locale has no characters for. */
  private static final Path UNNAMED = Path.of("/?/libjvm.so");

  private JvmLibrary() {}

  /**
   * The path of the library.
   *
   * @param line of {@code /proc/PID/maps}, a character for each byte
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
