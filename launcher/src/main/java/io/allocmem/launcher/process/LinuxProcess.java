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
 * What the kernel says of one process, read from {@code /proc} (proc(5)) without touching it. What
 * cannot be read, since the process has ended or is somebody else's, is empty.
 */
public record LinuxProcess(long pid) {
  private static final Path PROC = Path.of("/proc");

  /** SIGQUIT is signal 3: a JVM catches it to start its attach listener. */
  private static final long SIGQUIT_BIT = 0x4;

  /** As much as the kernel passes to a program (execve(2)), in practice. */
  private static final int LONGEST_ARGUMENTS = 2 << 20;

  private static final int MOST_MOUNTS = 1 << 20;
  private static final int TEXT = ForeignFiles.TEXT;

  /** The number that the kernel gives to the machine's own (PROC_PID_INIT_INO). */
  private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

  /** Whether this system has a {@code /proc} to ask. */
  public static boolean isSupported() {
    return Files.exists(PROC.resolve("self/status"));
  }

  /** All processes, in the order of their pids. */
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

  /** This process. */
  public static LinuxProcess self() {
    return new LinuxProcess(ProcessHandle.current().pid());
  }

  /** Whether no process of this machine is hidden in a pid namespace beside or above ours. */
  public static boolean seesAll() {
    try {
      return ForeignFiles.here().link(PROC.resolve("self/ns/pid")).equals(FIRST_PID_NAMESPACE);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Whether there is such a process, a zombie too. */
  public boolean exists() {
    return Files.exists(directory());
  }

  /** The name of the process's user; empty when it has ended. */
  public String user() {
    int uid = uid();
    return uid == -1 ? "" : Users.nameOf(uid);
  }

  /** The effective user's number, as it is seen from here; -1 when the process has ended. */
  public int uid() {
    return effective("Uid");
  }

  /** The effective group's number, as it is seen from here; -1 when the process has ended. */
  public int gid() {
    return effective("Gid");
  }

  private int effective(String field) {
    // real, effective, saved, file system; not the owner of /proc/PID, who is root where the
    // process is not dumpable
    String[] numbers = statusField(field).split("\\s+");
    return numbers.length < 2 ? -1 : Integer.parseUnsignedInt(numbers[1]);
  }

  /** The process whose thread it is, by {@code top -H}'s pids; itself if it is a process. */
  public long leader() {
    String group = statusField("Tgid");
    return group.isEmpty() ? pid : Long.parseLong(group);
  }

  /** The program's name as the kernel keeps it, at most 15 characters. */
  public String name() {
    return Printable.of(statusField("Name"));
  }

  /** The state's letter: R, S, D, T (stopped), t (traced), Z (zombie). */
  public String state() {
    String state = statusField("State");
    return state.isEmpty() ? "" : state.substring(0, 1);
  }

  /** Whether it is there no more but for its parent's notice. */
  public boolean hasEnded() {
    return List.of("", "Z", "X", "x").contains(state());
  }

  /** Whether a signal or a debugger keeps it from running. */
  public boolean isStopped() {
    return state().equalsIgnoreCase("t");
  }

  /** Whether it handles SIGQUIT; false when the process has ended. */
  public boolean catchesSigquit() {
    String mask = statusField("SigCgt");
    return !mask.isEmpty() && (Long.parseUnsignedLong(mask, 16) & SIGQUIT_BIT) != 0;
  }

  /** Resident set size in bytes; empty when the process has ended. */
  public Optional<Long> rss() {
    String kib = statusField("VmRSS").replace(" kB", "");
    return kib.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(kib) * 1024);
  }

  /**
   * The JVM's library, mapped into every JVM and nothing else; empty when the process has none, or
   * its mappings cannot be read.
   */
  public Optional<Path> libjvm() {
    try {
      return mappedLibjvm();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * The same.
   *
   * @throws IOException when the mappings cannot be read, or not in time
   */
  Optional<Path> mappedLibjvm() throws IOException {
    return JvmLibrary.in(files().line(directory().resolve("maps"), JvmLibrary.NAME));
  }

  /** Whether the file of the JVM's library was removed or replaced while the JVM runs. */
  public boolean isLibjvmDeleted() {
    try {
      return files().line(directory().resolve("maps"), JvmLibrary.NAME).endsWith(" (deleted)");
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Whether the kernel shows us its mappings and files, as it does to who may trace it. */
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

  /** The command line, one argument an element. */
  public List<String> commandLine() {
    String text = read("cmdline", LONGEST_ARGUMENTS);
    return text.isEmpty() ? List.of() : List.of(text.split("\0"));
  }

  /** The environment at its start, as text. */
  public String environment() {
    return read("environ", LONGEST_ARGUMENTS);
  }

  /** The pid by which the process knows itself: in a container another one than here. */
  public long pidInside() {
    String[] pids = statusField("NSpid").split("\\s+");
    String innermost = pids[pids.length - 1];
    return innermost.isEmpty() ? pid : Long.parseLong(innermost);
  }

  /** All processes that know themselves by that pid, each in its own pid namespace. */
  public static List<LinuxProcess> knownAs(long inside) {
    return all().stream().filter(process -> process.pidInside() == inside).toList();
  }

  /** The other processes that know themselves by the same pid, each in its own pid namespace. */
  public List<LinuxProcess> namesakes() {
    long inside = pidInside();
    return all().stream().filter(other -> other.pid != pid && other.pidInside() == inside).toList();
  }

  /** Its root directory, as a path that leads there from here. */
  public Path root() {
    return directory().resolve("root");
  }

  /** Its working directory, as a path that leads there from here. */
  public Path workingDirectory() {
    return directory().resolve("cwd");
  }

  /** The directory of links to what it has open, for whom may trace it. */
  public Path descriptors() {
    return directory().resolve("fd");
  }

  /** Its own {@code /tmp}, as a path that leads there from here. */
  public Path temporary() {
    return root().resolve("tmp");
  }

  /** Its own {@code /dev/shm}: a place for files where {@code /tmp} takes none. */
  public Path sharedMemory() {
    return root().resolve("dev/shm");
  }

  /** Where a JVM listens for attaches once one was asked for. */
  public Path socket() {
    return temporary().resolve(".java_pid" + pidInside());
  }

  /** Whether its {@code /tmp} is ours, too; also when we may not look. */
  public boolean sharesTemporary() {
    try {
      return isTemporaryShared();
    } catch (ForeignFiles.LateException late) {
      return true;
    }
  }

  /**
   * The same.
   *
   * @throws ForeignFiles.LateException when its {@code /tmp} does not answer in time
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

  /** Whether what lies under that path of its own cannot be executed or loaded. */
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

  /** A file of its directory in {@code /proc}; never an exception for bytes that are no text. */
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

  private Path directory() {
    return PROC.resolve(Long.toString(pid));
  }
}
