package io.allocmem.readings;

import io.allocmem.plan.Charsets;
import io.allocmem.plan.KernelText;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Cgroups that limit one resource of a process (cgroups(7)): the cgroup of the process, and all
 * ancestors that are mounted for the viewer. Reads bytes, not text: a name in any encoding must not
 * hide a limit. Allocates.
 */
final class Cgroups {
  /** Directory of this process in procfs. */
  static final Path SELF = Paths.get("/proc/self");

  /** Upper bound of a list of mounts: fs.mount-max is 100,000 lines of some 150 bytes. */
  private static final int MOST_BYTES = 32 << 20;

  private static final int MOST_OF_A_NAME = 160;

  /**
   * Directories from the process's cgroup up to the topmost cgroup. Empty if the kernel does not
   * limit the resource.
   */
  final List<String> directories = new ArrayList<>();

  /** True if the cgroups are of version 2. */
  boolean second;

  /**
   * Path of the process's cgroup in our cgroup namespace; null if the kernel does not limit the
   * resource.
   */
  String group;

  /** Reason why some cgroups are unknown, as the end of a sentence; null if all are known. */
  String problem;

  private final String controller;

  private Cgroups(String controller) {
    this.controller = controller;
  }

  /**
   * Finds the cgroups of a process.
   *
   * @param process directory of the process in {@code /proc}
   * @param viewer directory of the process that provides the mounts
   * @param controller {@code memory} or {@code pids}
   */
  static Cgroups of(Path process, Path viewer, String controller) {
    Cgroups groups = new Cgroups(controller);
    if (Files.isDirectory(process) && Files.notExists(process.resolve("cgroup"))) {
      return groups; // a kernel without cgroups
    }
    try {
      groups.group = groups.group(lines(process.resolve("cgroup")));
      if (groups.group != null) {
        groups.find(viewer);
      }
    } catch (IOException | RuntimeException unreadable) {
      groups.problem = printable("it cannot be read: " + unreadable.getMessage());
    }
    return groups;
  }

  /**
   * Returns the path of the cgroup. A controller belongs to a single hierarchy: to a hierarchy of
   * version 1, or else to the hierarchy of version 2.
   */
  private String group(List<String> lines) {
    String ofSecond = null;
    for (String line : lines) {
      String[] words = line.split(":", 3);
      if (words.length == 3 && Arrays.asList(words[1].split(",")).contains(controller)) {
        return words[2];
      }
      boolean unified = words.length == 3 && words[0].equals("0") && words[1].isEmpty();
      ofSecond = unified ? words[2] : ofSecond;
    }
    second = ofSecond != null;
    return ofSecond;
  }

  /** Chooses the mount that shows most ancestors. */
  private void find(Path viewer) throws IOException {
    String top = viewer.equals(SELF) ? "" : viewer.resolve("root").toString();
    boolean mounted = false;
    for (String line : lines(viewer.resolve("mountinfo"))) {
      String[] words = line.split(" ");
      if (isOurs(line, words)) {
        mounted = true;
        String inside = inside(unescaped(words[3]), group);
        List<String> found = inside == null ? Collections.<String>emptyList() : up(inside);
        if (found.size() > directories.size()) {
          String mount = top + path(unescaped(words[4]));
          directories.clear();
          for (String at : found) {
            directories.add(mount + path(at));
          }
        }
      }
    }
    if (directories.isEmpty()) {
      String where = mounted ? "is outside of what is mounted there" : "is not mounted there";
      problem = printable("its cgroup " + group + " (" + controller + ") " + where);
    }
  }

  private boolean isOurs(String line, String[] words) {
    int dash = line.indexOf(" - ");
    if (dash < 0 || words.length < 5) {
      return false;
    }
    String[] type = line.substring(dash + 3).split(" ");
    return second
        ? type[0].equals("cgroup2")
        : type[0].equals("cgroup")
            && Arrays.asList(type[type.length - 1].split(",")).contains(controller);
  }

  /**
   * Returns the cgroup's path below the mounted cgroup; null if the cgroup lies elsewhere. Each
   * path may begin with {@code /..}, once per level above the root of our cgroup namespace.
   */
  private static String inside(String root, String group) {
    String from = root.equals("/") ? "" : root;
    String to = group.equals("/") ? "" : group;
    boolean below = to.equals(from) || to.startsWith(from + "/");
    String rest = below ? to.substring(from.length()) : null;
    return rest == null || (rest + "/").startsWith("/../") ? null : rest;
  }

  private static List<String> up(String inside) {
    List<String> groups = new ArrayList<>();
    for (String at = inside; ; at = at.substring(0, at.lastIndexOf('/'))) {
      groups.add(at);
      if (at.lastIndexOf('/') < 0) {
        return groups;
      }
    }
  }

  /**
   * Returns whether the parent of this cgroup also contains the other cgroup. A parent above the
   * root of our cgroup namespace contains all cgroups with a path that does not begin with {@code
   * /..}.
   */
  boolean hasBeside(Cgroups other) {
    if (group == null || other.group == null || second != other.second) {
      return false;
    }
    String above = group.substring(0, Math.max(0, group.lastIndexOf('/')));
    boolean outside = above.startsWith("/..") && !other.group.startsWith("/..");
    return outside || !above.isEmpty() && other.group.startsWith(above + "/");
  }

  /** Returns the lines of a kernel file, one character per byte. */
  private static List<String> lines(Path file) throws IOException {
    return Arrays.asList(KernelText.of(file.toString(), MOST_BYTES).split("\n"));
  }

  /** Decodes space, tab, newline and backslash, written as three octal digits, see proc(5). */
  private static String unescaped(String word) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < word.length(); at++) {
      boolean escape = word.charAt(at) == '\\' && isOctal(word, at + 1);
      text.append(
          escape ? (char) Integer.parseInt(word.substring(at + 1, at + 4), 8) : word.charAt(at));
      at += escape ? 3 : 0;
    }
    return text.toString();
  }

  private static boolean isOctal(String word, int at) {
    return at + 3 <= word.length()
        && word.charAt(at) >= '0'
        && word.charAt(at) <= '3'
        && isOctal(word.charAt(at + 1))
        && isOctal(word.charAt(at + 2));
  }

  private static boolean isOctal(char digit) {
    return digit >= '0' && digit <= '7';
  }

  /** Decodes bytes with the charset of file names in this JVM. */
  private static String path(String bytes) {
    String names = System.getProperty("sun.jnu.encoding", "UTF-8");
    Charset charset = Charset.isSupported(names) ? Charset.forName(names) : Charsets.UTF_8;
    return new String(bytes.getBytes(Charsets.ISO_8859_1), charset);
  }

  /** Replaces unprintable characters and shortens the text, since any user can name cgroups. */
  static String printable(String text) {
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      plain.append(c >= ' ' && c <= '~' ? (char) c : '?');
    }
    return plain.length() > MOST_OF_A_NAME
        ? plain.substring(0, MOST_OF_A_NAME) + "..."
        : plain.toString();
  }
}
