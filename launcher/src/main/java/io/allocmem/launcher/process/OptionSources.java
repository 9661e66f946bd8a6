package io.allocmem.launcher.process;

import io.allocmem.options.FatalAgents;
import io.allocmem.options.OptionFiles;
import io.allocmem.options.StartOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sources of the options of a foreign JVM: command line, environment, and files named in these,
 * found below the JVM's root directory. The user of the JVM controls all sources, so size and time
 * are limited.
 */
final class OptionSources implements OptionFiles {
  /** Maximum size of a file; class paths of builds are long. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int MOST_MAPPINGS = 16 << 20;

  /** Time limit for all files together. */
  private static final long MOST_NANOS = 500_000_000;

  /** Maximum number of symbolic links, as in the kernel (path_resolution(7)). */
  private static final int MOST_LINKS = 40;

  private static final int READABLE_BY_OWNER = 0400;
  private static final int READABLE_BY_OTHERS = 0004;

  private final LinuxProcess process;
  private final Path directory;
  private final ForeignFiles files;
  private final long start = System.nanoTime();

  OptionSources(LinuxProcess process) {
    this.process = process;
    this.directory = process.root().getParent();
    this.files = ForeignFiles.of(process.pid());
  }

  /**
   * Composes the options.
   *
   * @param jdk feature version; 0 if unknown
   */
  StartOptions composed(int jdk) {
    List<String> line = process.commandLine();
    return isLauncher()
        ? StartOptions.of(line, environment(), jdk, this)
        : StartOptions.ofHost(line, environment(), this);
  }

  /**
   * Returns true if the program is {@code java}, and the JVM takes its options from the command
   * line.
   */
  boolean isLauncher() {
    return program().equals("java");
  }

  /** Returns the file name of the program; empty if invisible. */
  String program() {
    try {
      return lastOf(files.link(directory.resolve("exe")).replace(" (deleted)", ""));
    } catch (IOException notForUs) {
      List<String> line = process.commandLine();
      return line.isEmpty() ? "" : lastOf(line.get(0));
    }
  }

  private static String lastOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Returns options of the JVM. A native agent in the JVM that ends the JVM when a resource is
   * exhausted counts as an option, however the JVM loaded the agent.
   */
  StartOptions withFatalAgent(List<String> options, List<String> unread) {
    List<String> all = new ArrayList<>(options);
    String agent = LinuxProcess.isSupported() ? fatalAgent() : null;
    if (agent != null) {
      all.add("-agentlib:" + agent);
    }
    return StartOptions.listed(all, unread);
  }

  private String fatalAgent() {
    try {
      byte[] maps = files.read(directory.resolve("maps"), MOST_MAPPINGS);
      return FatalAgents.mapped(new ByteArrayInputStream(maps));
    } catch (IOException notForUs) {
      return null;
    }
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    for (String line : process.environment().split("\0")) {
      int end = line.indexOf('=');
      if (end > 0) {
        variables.putIfAbsent(line.substring(0, end), line.substring(end + 1));
      }
    }
    return variables;
  }

  @Override
  public byte[] read(String path) throws IOException {
    try {
      Path file = resolve(path);
      FileFacts facts = files.facts(file);
      byte[] bytes = files.read(file, MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES || !isReadable(facts)) {
        throw new FileSystemException(path, null, "is too long, or not the user's to read");
      }
      return bytes;
    } catch (InvalidPathException noPath) {
      throw new IOException(noPath);
    }
  }

  /** Root reads for the JVM's user only files that this user can read. */
  private boolean isReadable(FileFacts facts) {
    int needed = facts.uid() == process.uid() ? READABLE_BY_OWNER : READABLE_BY_OTHERS;
    return process.uid() == 0 || (facts.mode() & needed) != 0;
  }

  /**
   * Finds the file below the process's root directory. Follows symbolic links here, since the
   * kernel would resolve an absolute link from the launcher's root directory.
   */
  private Path resolve(String path) throws IOException {
    Path named = Path.of(path);
    Path at = named.isAbsolute() ? process.root() : workingDirectory();
    Deque<Path> left = new ArrayDeque<>();
    push(named, left);
    for (int links = 0; !left.isEmpty(); ) {
      Path name = left.pop();
      if (name.toString().equals("..")) {
        at = at.equals(process.root()) ? at : at.getParent();
        continue;
      }
      Path next = at.resolve(name);
      boolean late = System.nanoTime() - start > MOST_NANOS;
      boolean link = !late && files.facts(next).isLink();
      if (late || link && ++links > MOST_LINKS) {
        throw new FileSystemException(path, null, "is not found in time");
      }
      Path target = link ? Path.of(files.link(next)) : null;
      at = link ? (target.isAbsolute() ? process.root() : at) : next;
      push(link ? target : Path.of(""), left);
    }
    return at;
  }

  private static void push(Path path, Deque<Path> to) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      String name = path.getName(i).toString();
      if (!name.isEmpty() && !name.equals(".")) {
        to.push(path.getName(i));
      }
    }
  }

  /**
   * Finds the working directory: the kernel's path can have a leading part from outside the
   * process's root directory.
   */
  private Path workingDirectory() throws IOException {
    Path path = Path.of(files.link(directory.resolve("cwd")));
    for (int from = 0; from < path.getNameCount(); from++) {
      Path inside = process.root().resolve(path.subpath(from, path.getNameCount()));
      try {
        if (files.facts(inside).isDirectory()) {
          return inside;
        }
      } catch (IOException notThis) {
        continue;
      }
    }
    return process.root();
  }
}
