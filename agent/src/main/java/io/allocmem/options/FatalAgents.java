package io.allocmem.options;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Native agents that end a JVM when a resource is exhausted (JVMTI, ResourceExhausted), even if the
 * error is caught. Unknown agents of this kind look the same as harmless agents.
 */
public final class FatalAgents {
  /** Names of the agents, each a part of a library's file name. */
  public static final List<String> NAMES =
      Collections.unmodifiableList(Arrays.asList("jvmkill", "jvmquake"));

  private static final String SELF = "/proc/self/maps";

  private FatalAgents() {}

  /** Returns the name of the agent in the library at the end of a path; null for none. */
  public static String named(CharSequence path) {
    int slash = path.length() - 1;
    while (slash >= 0 && path.charAt(slash) != '/') {
      slash--;
    }
    return in(new StringBuilder(path.subSequence(slash + 1, path.length())));
  }

  /** Returns the name of the agent that an option loads; null for none. */
  public static String loadedBy(String option) {
    boolean named = option.startsWith("-agentpath:") || option.startsWith("-agentlib:");
    boolean old = option.startsWith("-Xrun"); // a JVM before 21 also loads an agent by -Xrun
    if (!named && !old) {
      return null;
    }
    String library = option.substring(named ? option.indexOf(':') + 1 : "-Xrun".length());
    int end = library.indexOf(named ? '=' : ':');
    return named(end < 0 ? library : library.substring(0, end));
  }

  /**
   * Returns the name of such an agent in this process, however loaded; null for none. Allocates
   * little: the heap may be nearly full.
   */
  public static String here() {
    try (InputStream maps = new FileInputStream(SELF)) {
      return mapped(maps);
    } catch (IOException noLinux) {
      return null;
    }
  }

  /**
   * Returns the name of such an agent in the {@code maps} of a process (proc(5)). A line ends with
   * the path of the mapped file.
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
