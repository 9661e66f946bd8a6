package io.allocmem.launcher.process;

import io.allocmem.control.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernel data of one process, read from {@code /proc} (proc(5)) without touching the process. If
 * the process has ended or belongs to another user, unreadable values are empty.
 */
public record LinuxProcess(long pid) {
  private static final Path PROC = Path.of("/proc");

  /** SIGQUIT is signal 3: a JVM catches SIGQUIT to start the attach listener. */
  private static final long SIGQUIT_BIT = 0x4;

  /** Practical maximum of the arguments that the kernel passes to a program (execve(2)). */
  private static final int LONGEST_ARGUMENTS = 2 << 20;

  private static final int MOST_MOUNTS = 1 << 20;
  private static final int TEXT = ForeignFiles.TEXT;

  /** Number of the machine's first pid namespace (PROC_PID_INIT_INO). */
  private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

  /** Returns true if this system has a {@code /proc}. */
  public static boolean isSupported() {
    return Files.exists(PROC.resolve("self/status"));
  }

  /** Returns all processes, ordered by pid. */
  static List<LinuxProcess> all() {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .map(name -> new LinuxProcess(Long.parseLong(name)))
          .sorted((a, b) -> Long.compare(a.pid, b.pid))
          .toList();
    } catch (IOException e) {
      throw new Failure("cannot read /proc: " + e.getMessage(), e);
    }
  }

  /** Returns this process. */
  public static LinuxProcess self() {
    return new LinuxProcess(ProcessHandle.current().pid());
  }

  /** Returns true if no process of this machine is hidden in a sibling or parent pid namespace. */
  public static boolean seesAll() {
    try {
      return ForeignFiles.here().link(PROC.resolve("self/ns/pid")).equals(FIRST_PID_NAMESPACE);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Returns true if the process exists, even as a zombie. */
  public boolean exists() {
    return Files.exists(directory());
  }

  /** Returns the name of the process's user; empty after the end of the process. */
  public String user() {
    int uid = uid();
    return uid == -1 ? "" : Users.nameOf(uid);
  }

  /** Returns the effective uid in the launcher's user namespace; -1 for an ended process. */
  public int uid() {
    return effective("Uid");
  }

  /** Returns the effective gid in the launcher's user namespace; -1 for an ended process. */
  public int gid() {
    return effective("Gid");
  }

  private int effective(String field) {
    // fields: real, effective, saved, file system. The owner of /proc/PID does not tell the user:
    // root owns /proc/PID if the process is not dumpable
    String[] numbers = statusField(field).split("\\s+");
    return numbers.length < 2 ? -1 : Integer.parseUnsignedInt(numbers[1]);
  }

  /** Returns the process of a thread id from {@code top -H}; the pid itself for a process. */
  public long leader() {
    String group = statusField("Tgid");
    return group.isEmpty() ? pid : Long.parseLong(group);
  }

  /** Returns the program name as the kernel stores the name, at most 15 characters. */
  public String name() {
    return Printable.of(statusField("Name"));
  }

  /** Returns the letter of the state: R, S, D, T (stopped), t (traced), Z (zombie). */
  public String state() {
    String state = statusField("State");
    return state.isEmpty() ? "" : state.substring(0, 1);
  }

  /**
   * Returns true if the process has ended, even if the parent has not reaped the process yet, or if
   * the process is ending: a process gives back its address space first, and then its files.
   */
  public boolean hasEnded() {
    return statusField("VmSize").isEmpty();
  }

  /** Returns true if a signal or a debugger has stopped the process. */
  public boolean isStopped() {
    return state().equalsIgnoreCase("t");
  }

  /** Returns true if the process handles SIGQUIT; false after the end of the process. */
  public boolean catchesSigquit() {
    String mask = statusField("SigCgt");
    return !mask.isEmpty() && (Long.parseUnsignedLong(mask, 16) & SIGQUIT_BIT) != 0;
  }

  /** Returns the resident set size in bytes; empty after the end of the process. */
  public Optional<Long> rss() {
    return size("VmRSS");
  }

  /** Returns a size in bytes from the status, such as VmLck; empty after the end of the process. */
  public Optional<Long> size(String field) {
    String kib = statusField(field).replace(" kB", "");
    return kib.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(kib) * 1024);
  }

  /**
   * Returns the path of the JVM library, mapped into every JVM and into no other process. The
   * result is empty if the process has no JVM library or the mappings are unreadable.
   */
  public Optional<Path> libjvm() {
    try {
      return mappedLibjvm();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Returns the path of the JVM library, like {@link #libjvm}.
   *
   * @throws IOException if the mappings are unreadable or do not answer in time
   */
  Optional<Path> mappedLibjvm() throws IOException {
    return JvmLibrary.in(files().line(directory().resolve("maps"), JvmLibrary.NAME));
  }

  /** Returns true if the file of the JVM library was removed or replaced while the JVM runs. */
  public boolean isLibjvmDeleted() {
    try {
      return files().line(directory().resolve("maps"), JvmLibrary.NAME).endsWith(" (deleted)");
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * Returns true if the kernel shows mappings and files of the process, as for a permitted tracer.
   */
  public boolean isTraceable() {
    try {
      files().read(directory().resolve("maps"), 1);
      return true;
    } catch (AccessDeniedException refused) {
      return false;
    } catch (IOException ended) {
      return true;
    }
  }

  /** Returns the command line, one element per argument. */
  public List<String> commandLine() {
    String text = read("cmdline", LONGEST_ARGUMENTS);
    return text.isEmpty() ? List.of() : List.of(text.split("\0"));
  }

  /** Returns the environment at the start of the process, as text. */
  public String environment() {
    return read("environ", LONGEST_ARGUMENTS);
  }

  /** Returns the pid in the process's own pid namespace; in a container another pid than here. */
  public long pidInside() {
    String[] pids = statusField("NSpid").split("\\s+");
    String innermost = pids[pids.length - 1];
    return innermost.isEmpty() ? pid : Long.parseLong(innermost);
  }

  /** Returns all further processes with the same pid in their own pid namespaces. */
  public List<LinuxProcess> namesakes() {
    return PidsInside.look().knownAs(pidInside()).stream()
        .filter(other -> other.pid != pid)
        .toList();
  }

  /** Returns the root directory of the process, as a path from here. */
  public Path root() {
    return directory().resolve("root");
  }

  /** Returns the working directory of the process, as a path from here. */
  public Path workingDirectory() {
    return directory().resolve("cwd");
  }

  /** Returns the directory with links to the open files, readable for a permitted tracer. */
  public Path descriptors() {
    return directory().resolve("fd");
  }

  /** Returns the process's own {@code /tmp}, as a path from here. */
  public Path temporary() {
    return root().resolve("tmp");
  }

  /** Returns the process's own {@code /dev/shm}: a place for files if {@code /tmp} accepts none. */
  public Path sharedMemory() {
    return root().resolve("dev/shm");
  }

  /** Returns the path of the attach socket, created by the JVM after an attach request. */
  public Path socket() {
    return temporary().resolve(".java_pid" + pidInside());
  }

  /** Returns true if process and launcher share {@code /tmp}, or if the launcher may not look. */
  public boolean sharesTemporary() {
    try {
      return isTemporaryShared();
    } catch (ForeignFiles.LateException late) {
      return true;
    }
  }

  /**
   * Returns true if process and launcher share {@code /tmp}, or if the launcher may not look.
   *
   * @throws ForeignFiles.LateException if the process's {@code /tmp} does not answer in time
   */
  public boolean isTemporaryShared() throws ForeignFiles.LateException {
    try {
      return files().facts(temporary()).isSame(ForeignFiles.here().facts(Path.of("/tmp")));
    } catch (ForeignFiles.LateException late) {
      throw late;
    } catch (NoSuchFileException missing) {
      return hasEnded();
    } catch (IOException unreadable) {
      return true;
    }
  }

  /** Returns true if a noexec mount forbids execution and loading under the process's own path. */
  public boolean isNoexec(Path path) {
    return Mounts.in(read("mountinfo", MOST_MOUNTS)).isNoexec(path);
  }

  private String statusField(String field) {
    return read("status", TEXT)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /**
   * Returns the text of a file in the process's {@code /proc} directory; empty if unreadable.
   * Invalid UTF-8 causes no exception.
   */
  String read(String file, int most) {
    try {
      return new String(files().read(directory().resolve(file), most), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private ForeignFiles files() {
    return ForeignFiles.of(pid);
  }

  Path directory() {
    return PROC.resolve(Long.toString(pid));
  }
}
