package io.allocmem.launcher;

import java.io.File;

/** Files of options on the command line, {@code @FILE}. picocli reads the files. */
final class OptionsFile {
  private OptionsFile() {}

  /**
   * Returns a sentence on the first file that cannot be read; null if all files can be read.
   * picocli would take the name of a missing file for a plain word.
   */
  static String problem(String... words) {
    for (String word : words) {
      boolean names = word.length() > 1 && word.startsWith("@") && !word.startsWith("@@");
      File file = names ? new File(word.substring(1)) : null;
      if (names && (file.isDirectory() || !file.canRead())) {
        return "cannot read the options in %s: %s; a word that begins with @ itself has @@"
            .formatted(file, reason(file));
      }
    }
    return null;
  }

  private static String reason(File file) {
    if (file.isDirectory()) {
      return "a directory";
    }
    return file.exists() ? "no right to read" : "no such file";
  }
}
