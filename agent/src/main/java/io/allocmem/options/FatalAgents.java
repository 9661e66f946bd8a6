package io.allocmem.options;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Native agents that end a JVM when a resource is exhausted (JVMTI, ResourceExhausted), also if
 * somebody catches the error. Other agents of that kind cannot be told from harmless ones.
 */
public final class FatalAgents {
  /** Their names, which are parts of the file names of their libraries. */
  public static final List<String> NAMES =
      Collections.unmodifiableList(Arrays.asList("jvmkill", "jvmquake"));

  private static final String SELF = "/proc/self/maps";

  private FatalAgents() {}

  /** Returns the name of the agent in the library that a path ends with; null for none. */
  public static String named(CharSequence path) {
    int slash = path.length() - 1;
    while (slash >= 0 && path.charAt(slash) != '/') {
      slash--;
    }
    return in(new StringBuilder(path.subSequence(slash + 1, path.length())));
  }

  /** Returns the name of the agent that an option loads; null when it loads none. */
  public static String loadedBy(String option) {
    boolean named = option.startsWith("-agentpath:") || option.startsWith("-agentlib:");
    boolean old = option.startsWith("-Xrun"); // a JVM before 21 takes it for an agent, too
    if (!named && !old) {
      return null;
    }
    String library = option.substring(named ? option.indexOf(':') + 1 : "-Xrun".length());
    int end = library.indexOf(named ? '=' : ':');
    return named(end < 0 ? library : library.substring(0, end));
  }

  /**
   * Returns the name of such an agent in this process, however it came there; null for none.
   * Allocates little: the heap may be nearly full.
   */
  public static String here() {
    try (InputStream maps = new FileInputStream(SELF)) {
      return mapped(maps);
    } catch (IOException noLinux) {
      return null;
    }
  }

  /**
   * The same of a process whose {@code maps} are given (proc(5)): a line ends with the path of what
   * is mapped.
   */
  public static String mapped(InputStream maps) throws IOException {
    byte[] piece = new byte[4096];
    StringBuilder name = new StringBuilder(256);
    for (int count = maps.read(piece); count > 0; count = maps.read(piece)) {
      for (int i = 0; i < count; i++) {
        char c = (char) (piece[i] & 0xff);
        String found = c == '\n' ? in(name) : null;
        if (found != null) {
          return found;
        }
        if (c == '\n' || c == '/') {
          name.setLength(0);
        } else {
          name.append(c);
        }
      }
    }
    return null;
  }

  private static String in(StringBuilder fileName) {
    for (int i = 0; i < NAMES.size(); i++) {
      if (fileName.indexOf(NAMES.get(i)) >= 0) {
        return NAMES.get(i);
      }
    }
    return null;
  }
}
