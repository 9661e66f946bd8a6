package io.allocmem.options;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into options as HotSpot does (arguments.cpp). */
final class OptionText {
  private final boolean settings;
  private final List<String> words = new ArrayList<>();
  private StringBuilder word;
  private char quote;
  private boolean comment;

  private OptionText(boolean settings) {
    this.settings = settings;
  }

  /**
   * Splits the value of an environment variable, or a file of {@code -XX:VMOptionsFile}
   * (parse_options_buffer). White space separates options; single or double quotes protect white
   * space.
   */
  static List<String> words(String text) {
    return split(text, false);
  }

  /**
   * Splits a file of {@code -XX:Flags} (process_settings_file) in the same way. In addition, a
   * comment goes from {@code #} to the end of the line, and a quote ends at the end of its line.
   *
   * @return flags without {@code -XX:}
   */
  static List<String> settings(String text) {
    return split(text, true);
  }

  private static List<String> split(String text, boolean settings) {
    OptionText options = new OptionText(settings);
    for (int i = 0; i < text.length(); i++) {
      options.read(text.charAt(i));
    }
    options.endWord();
    return options.words;
  }

  private void read(char c) {
    boolean lineEnds = settings && c == '\n';
    if (comment) {
      comment = !lineEnds;
    } else if (lineEnds || quote == 0 && isSpace(c)) {
      endWord();
    } else if (word == null && settings && c == '#') {
      comment = true;
    } else {
      readInWord(c);
    }
  }

  private void endWord() {
    if (word != null) {
      words.add(word.toString());
    }
    word = null;
    quote = 0;
  }

  private void readInWord(char c) {
    // a file of flags keeps a quote at the beginning of a word
    boolean opens = quote == 0 && (c == '\'' || c == '"') && !(settings && word == null);
    word = word == null ? new StringBuilder() : word;
    if (!opens && c != quote) {
      word.append(c);
    }
    quote = opens ? c : c == quote ? 0 : quote;
  }

  /** Returns whether a character is white space, as isspace(3) in the C locale. */
  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }
}
