package io.allocmem.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel says of one process, read from {@code /proc} (proc(5)) without touching it. What
 * cannot be read, since the process has ended or is somebody else's, is empty.
 */
public record LinuxProcess(long pid) {
  private static final Path PROC = Path.of("/proc");

  /** SIGQUIT is signal 3: a JVM catches it to start its attach listener. */
  private static final long SIGQUIT_BIT = 0x4;

  /** CAP_SYS_PTRACE and CAP_SETPCAP; see capabilities(7). */
  private static final long TRACING = 1L << 19 | 1L << 8;

  private static final Pattern LIBJVM =
      Pattern.compile("\\s(/\\S.*/libjvm\\.so)( \\(deleted\\))?$");

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

  /** Whether there is such a process, a zombie too. */
  public boolean exists() {
    return Files.exists(directory());
  }

  /** The name of the process's user; empty when it has ended. */
  public String user() {
    try {
      return Files.getOwner(directory()).getName();
    } catch (IOException ended) {
      return "";
    }
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
    String[] numbers = statusField(field).split("\\s+"); // real, effective, saved, file system
    return numbers.length < 2 ? -1 : Integer.parseUnsignedInt(numbers[1]);
  }

  /** The process whose thread it is, by {@code top -H}'s pids; itself if it is a process. */
  public long leader() {
    String group = statusField("Tgid");
    return group.isEmpty() ? pid : Long.parseLong(group);
  }

  /** The program's name as the kernel keeps it, at most 15 characters. */
  public String name() {
    return statusField("Name");
  }

  /** The state's letter: R, S, D, T (stopped), t (traced), Z (zombie). */
  public String state() {
    String state = statusField("State");
    return state.isEmpty() ? "" : state.substring(0, 1);
  }

  /** Whether it handles SIGQUIT; false when the process has ended. */
  public boolean catchesSigquit() {
    String mask = statusField("SigCgt");
    return !mask.isEmpty() && (Long.parseUnsignedLong(mask, 16) & SIGQUIT_BIT) != 0;
  }

  /** Which user namespace it is in, as text; empty when it cannot be seen. */
  public String userNamespace() {
    try {
      return Files.readSymbolicLink(directory().resolve("ns/user")).toString();
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Whether it may trace processes of others, and leave that right to its children. */
  public boolean mayGiveTracing() {
    String mask = statusField("CapEff");
    return !mask.isEmpty() && (Long.parseUnsignedLong(mask, 16) & TRACING) == TRACING;
  }

  /** Resident set size in bytes; empty when the process has ended. */
  public Optional<Long> rss() {
    String kib = statusField("VmRSS").replace(" kB", "");
    return kib.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(kib) * 1024);
  }

  /** The JVM's library, mapped into every JVM and nothing else. */
  public Optional<Path> libjvm() {
    try (Stream<String> lines = Files.lines(directory().resolve("maps"))) {
      return lines
          .map(LIBJVM::matcher)
          .filter(Matcher::find)
          .map(found -> Path.of(found.group(1)))
          .findFirst();
    } catch (IOException | UncheckedIOException unreadable) {
      return Optional.empty();
    }
  }

  /** Whether the kernel shows us its mappings and files, as it does to who may trace it. */
  public boolean isTraceable() {
    try {
      Files.newInputStream(directory().resolve("maps")).close();
      return true;
    } catch (AccessDeniedException refused) {
      return false;
    } catch (IOException ended) {
      return true;
    }
  }

  /** The command line, one argument an element. */
  public List<String> commandLine() {
    String text = read("cmdline");
    return text.isEmpty() ? List.of() : List.of(text.split("\0"));
  }

  /** The environment at its start, as text. */
  public String environment() {
    return read("environ");
  }

  /** The pid by which the process knows itself: in a container another one than here. */
  public long pidInside() {
    String[] pids = statusField("NSpid").split("\\s+");
    String innermost = pids[pids.length - 1];
    return innermost.isEmpty() ? pid : Long.parseLong(innermost);
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

  /** The directory of links to what it has open, for whom may trace it. */
  public Path descriptors() {
    return directory().resolve("fd");
  }

  /** Its own {@code /tmp}, as a path that leads there from here. */
  public Path temporary() {
    return root().resolve("tmp");
  }

  /** Where a JVM listens for attaches once one was asked for. */
  public Path socket() {
    return temporary().resolve(".java_pid" + pidInside());
  }

  /** Whether its {@code /tmp} is ours, too; also when we may not look. */
  public boolean sharesTemporary() {
    try {
      return Files.isSameFile(temporary(), Path.of("/tmp"));
    } catch (NoSuchFileException missing) {
      return !Files.exists(root());
    } catch (IOException unreadable) {
      return true;
    }
  }

  /** Whether one of its threads has that name, of at most 15 characters. */
  public boolean hasThread(String name) {
    try (Stream<Path> threads = Files.list(directory().resolve("task"))) {
      return threads.anyMatch(thread -> read(thread.resolve("comm")).strip().equals(name));
    } catch (IOException | UncheckedIOException ended) {
      return false;
    }
  }

  /** Whether what lies under that path of its own cannot be executed or loaded. */
  public boolean isNoexec(Path path) {
    String[] longest = {"", "", "", "", "", ""};
    for (String line : read("mountinfo").lines().toList()) {
      String[] words = line.split(" "); // mount point and options are its fifth and sixth word
      if (path.startsWith(words[4]) && words[4].length() >= longest[4].length()) {
        longest = words;
      }
    }
    return List.of(longest[5].split(",")).contains("noexec");
  }

  private String statusField(String field) {
    return read("status")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private String read(String file) {
    return read(directory().resolve(file));
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private Path directory() {
    return PROC.resolve(Long.toString(pid));
  }
}
