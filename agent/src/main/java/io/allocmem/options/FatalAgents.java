package io.allocmem.options;

import io.allocmem.plan.Charsets;
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

  /** The names as bytes: a file of the kernel has names in any encoding. */
  private static final byte[][] BYTES = bytes();

  /** Size of a read in bytes: more than the longest line, with a path of 4096 bytes. */
  private static final int PIECE = 8192;

  private static final String SELF = "/proc/self/maps";

  private FatalAgents() {}

  private static byte[][] bytes() {
    byte[][] bytes = new byte[NAMES.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = NAMES.get(i).getBytes(Charsets.US_ASCII);
    }
    return bytes;
  }

  /** Returns the name of the agent in the library at the end of a path; null for none. */
  public static String named(CharSequence path) {
    int slash = path.length() - 1;
    while (slash >= 0 && path.charAt(slash) != '/') {
      slash--;
    }
    return in(path.subSequence(slash + 1, path.length()).toString());
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
    byte[] text = new byte[PIECE];
    int length = 0;
    for (int count = maps.read(text); count > 0; count = maps.read(text, length, PIECE - length)) {
      length += count;
      int line = 0;
      for (int at = 0; at < length; at++) {
        if (text[at] == '\n') {
          String found = in(text, line, at);
          if (found != null) {
            return found;
          }
          line = at + 1;
        }
      }
      length = line == 0 && length == PIECE ? 0 : length - line; // drops a line without an end
      System.arraycopy(text, line, text, 0, length);
    }
    return null;
  }

  /** Searches in the file name at the end of a line: the part after the last slash. */
  private static String in(byte[] text, int line, int end) {
    int name = end;
    while (name > line && text[name - 1] != '/') {
      name--;
    }
    for (int at = name; name > line && at < end; at++) {
      for (int i = 0; i < BYTES.length; i++) {
        if (text[at] == BYTES[i][0] && isAt(text, at, end, BYTES[i])) {
          return NAMES.get(i);
        }
      }
    }
    return null;
  }

  private static boolean isAt(byte[] text, int from, int end, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (from + i >= end || text[from + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static String in(String fileName) {
    for (int i = 0; i < NAMES.size(); i++) {
      if (fileName.contains(NAMES.get(i))) {
        return NAMES.get(i);
      }
    }
    return null;
  }
}
