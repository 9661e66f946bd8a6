package io.allocmem.options;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits an {@code @argfile} into arguments as the java launcher does (libjli, args.c). White space
 * separates arguments. Single or double quotes protect white space and {@code #}. Within quotes, a
 * backslash escapes a character, and joins the next line without its leading white space. {@code #}
 * begins a comment.
 */
final class ArgumentFile {
  private enum State {
    BETWEEN,
    COMMENT,
    QUOTE,
    ESCAPE,
    JOIN,
    TOKEN
  }

  private final List<String> words = new ArrayList<>();

  /** Current word up to the last quote or escape. */
  private final StringBuilder parts = new StringBuilder();

  /** Rest of the current word: a comment drops this part. */
  private final StringBuilder part = new StringBuilder();

  private State state = State.BETWEEN;
  private char quote;

  private ArgumentFile() {}

  static List<String> words(String text) {
    ArgumentFile file = new ArgumentFile();
    for (int i = 0; i < text.length(); i++) {
      file.take(text.charAt(i));
    }
    boolean inWord = file.state == State.TOKEN || file.state == State.QUOTE;
    if (inWord && file.parts.length() + file.part.length() > 0) {
      file.end();
    }
    return file.words;
  }

  private void take(char c) {
    switch (state) {
      case COMMENT:
        state = isLineEnd(c) ? State.BETWEEN : State.COMMENT;
        break;
      case ESCAPE:
        escape(c);
        break;
      case BETWEEN:
      case JOIN:
        if (!isSpace(c)) {
          state = state == State.BETWEEN ? State.TOKEN : State.QUOTE;
          takeInWord(c);
        }
        break;
      default:
        takeInWord(c);
        break;
    }
  }

  private void escape(char c) {
    if (isLineEnd(c)) {
      state = State.JOIN;
      return;
    }
    int special = "nrtf".indexOf(c);
    parts.append(special < 0 ? c : "\n\r\t\f".charAt(special));
    state = State.QUOTE;
  }

  private void takeInWord(char c) {
    boolean quoted = state == State.QUOTE;
    if (isLineEnd(c) || isSpace(c) && !quoted) {
      end();
      state = State.BETWEEN;
    } else if (c == '#' && !quoted) {
      part.setLength(0);
      state = State.COMMENT;
    } else if (c == '\\' && quoted) {
      commit();
      state = State.ESCAPE;
    } else if ((c == '\'' || c == '"') && (!quoted || c == quote)) {
      commit();
      quote = c;
      state = quoted ? State.TOKEN : State.QUOTE;
    } else {
      part.append(c);
    }
  }

  private void commit() {
    parts.append(part);
    part.setLength(0);
  }

  private void end() {
    commit();
    words.add(parts.toString());
    parts.setLength(0);
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isSpace(char c) {
    return isLineEnd(c) || c == ' ' || c == '\t' || c == '\f';
  }
}
