package io.allocmem.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads files of options, and records files that could not be read. */
final class SourceFiles {
  /** Maximum number of files, to bound the time: each file may take its own time. */
  private static final int MOST_FILES = 16;

  /** Maximum length of a path in a sentence, in characters. */
  private static final int MOST_NAMED = 100;

  private final OptionFiles files;
  private final List<String> unread = new ArrayList<>();
  private int count;

  SourceFiles(OptionFiles files) {
    this.files = files;
  }

  /**
   * Returns the file's text; empty if the file cannot be read.
   *
   * @param option option that names the file
   */
  String read(String option, String path) {
    try {
      if (count++ < MOST_FILES) {
        return new String(files.read(path), StandardCharsets.UTF_8);
      }
      addUnread("...");
    } catch (IOException | RuntimeException unreadable) {
      addUnread(option.length() > MOST_NAMED ? option.substring(0, MOST_NAMED) + "..." : option);
    }
    return "";
  }

  void addUnread(String source) {
    if (unread.size() < MOST_FILES && !unread.contains(source)) {
      unread.add(source);
    }
  }

  List<String> unread() {
    return unread;
  }
}
