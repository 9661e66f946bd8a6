package io.allocmem.readings;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The groups of a process by which the kernel limits one resource (cgroups(7)): its own, and all
 * above it that are mounted where we look. All is read as bytes: one name in any encoding must not
 * hide a limit. Allocates.
 */
final class Cgroups {
  /** This process, as the kernel shows it. */
  static final Path SELF = Paths.get("/proc/self");

  /** More lines than a mount namespace may have mounts (fs.mount-max). */
  private static final int MOST_LINES = 200_000;

  private static final int MOST_OF_A_NAME = 160;

  /** From its own group up to the topmost. Empty when the kernel sets no such limit. */
  final List<String> directories = new ArrayList<>();

  /** Whether they are of version 2. */
  boolean second;

  /** Its own, as the kernel names it for us; null when the kernel sets no such limit. */
  String group;

  /** Why not all of them are known, as the end of a sentence; null when they are. */
  String problem;

  private final String controller;

  private Cgroups(String controller) {
    this.controller = controller;
  }

  /**
   * Those of a process.
   *
   * @param process its directory in {@code /proc}
   * @param viewer the process by whose mounts they are looked for
   * @param controller {@code memory}, {@code pids}
   */
  static Cgroups of(Path process, Path viewer, String controller) {
    Cgroups groups = new Cgroups(controller);
    if (Files.isDirectory(process) && Files.notExists(process.resolve("cgroup"))) {
      return groups; // a kernel without any
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

  /** A controller is in one hierarchy alone: in one of version 1, or else in that of version 2. */
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

  /** Of several mounts the one that shows most of the way up. */
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
   * The group's path below the mounted one; null when it is elsewhere. Each may begin with {@code
   * /..}, so often as it lies above the group that our cgroup namespace takes for the root.
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
   * Whether the group right above this one holds that one as well; what is above the root of our
   * cgroup namespace holds all that we can name without going up.
   */
  boolean hasBeside(Cgroups other) {
    if (group == null || other.group == null || second != other.second) {
      return false;
    }
    String above = group.substring(0, Math.max(0, group.lastIndexOf('/')));
    boolean outside = above.startsWith("/..") && !other.group.startsWith("/..");
    return outside || !above.isEmpty() && other.group.startsWith(above + "/");
  }

  /** Lines of a file of the kernel's, a character for each byte. */
  private static List<String> lines(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream(file.toFile()), StandardCharsets.ISO_8859_1))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (lines.size() == MOST_LINES) {
          throw new IOException("too many lines in " + file);
        }
        lines.add(line);
      }
    }
    return lines;
  }

  /** Space, tab, newline and backslash stand there as three octal digits, see proc(5). */
  private static String unescaped(String word) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < word.length(); at++) {
      boolean escape = word.charAt(at) == '\\' && word.substring(at).matches("\\\\[0-3][0-7]{2}.*");
      text.append(
          escape ? (char) Integer.parseInt(word.substring(at + 1, at + 4), 8) : word.charAt(at));
      at += escape ? 3 : 0;
    }
    return text.toString();
  }

  /** The bytes as this JVM writes them in a file's name. */
  private static String path(String bytes) {
    String names = System.getProperty("sun.jnu.encoding", "UTF-8");
    Charset charset = Charset.isSupported(names) ? Charset.forName(names) : StandardCharsets.UTF_8;
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), charset);
  }

  /** Others choose the names of groups. */
  static String printable(String text) {
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.length() > MOST_OF_A_NAME ? plain.substring(0, MOST_OF_A_NAME) + "..." : plain;
  }
}
