package io.allocmem.launcher;

import io.allocmem.options.StartOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Options for a new JVM, with the words of the files that the options name. */
final class OwnOptionFiles {
  private static final int MOST_BYTES = 1 << 20;

  private OwnOptionFiles() {}

  /** Returns the options with the words of {@code @argfiles} and files of flags. */
  static StartOptions expanded(List<String> options) {
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(options);
    return StartOptions.of(command, Map.of(), 0, OwnOptionFiles::read);
  }

  /** Reads regular files only: nobody may write into a pipe. */
  private static byte[] read(String name) throws IOException {
    Path file = Path.of(name);
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      throw new IOException(name + " is not a regular file of at most 1 MiB");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MOST_BYTES);
    }
  }
}
