package io.allocmem.launcher;

import java.io.File;

/** Files of options on the command line, {@code @FILE}. picocli reads the files. */
final class OptionsFile {
  private OptionsFile() {}

  /** Upper bound of a file, far above all options of a plan. */
  private static final long MOST_BYTES = 1 << 20;

  /** Files that the shell opens for {@code @<(command)}. */
  private static final String OF_SHELL = "/dev/fd/";

  /**
   * Returns a sentence on the first file that cannot be read; null if all files can be read.
   * picocli would take the name of a missing file for a plain word, wait for the writer of a pipe,
   * and read a file of any length.
   */
  static String problem(String... words) {
    for (String word : words) {
      boolean names = word.length() > 1 && word.startsWith("@") && !word.startsWith("@@");
      String reason = names ? reason(new File(word.substring(1))) : null;
      if (reason != null) {
        return "cannot read the options in %s: %s; a word that begins with @ itself has @@"
            .formatted(word.substring(1), reason);
      }
    }
    return null;
  }

  /** Returns the reason against reading the file; null for a readable file. */
  private static String reason(File file) {
    if (!file.exists()) {
      return "no such file";
    }
    if (file.isDirectory()) {
      return "a directory";
    }
    if (!file.isFile() && !file.getPath().startsWith(OF_SHELL)) {
      return "not a regular file";
    }
    if (file.length() > MOST_BYTES) {
      return "over 1 MiB";
    }
    return file.canRead() ? null : "no right to read";
  }
}
