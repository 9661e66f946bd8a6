package io.allocmem.launcher;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A container, as far as one limit goes: a group of the kernel's, version 1, below our own. */
record Cgroup(Path directory) implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** A new group with that limit. */
  static Cgroup ofMemory(long bytes) {
    return of("memory", "memory.limit_in_bytes", bytes);
  }

  /** A new group of at most so many threads. */
  static Cgroup ofProcesses(int threads) {
    return of("pids", "pids.max", threads);
  }

  /** A new group that has so many microseconds of a processor in each 100,000. */
  static Cgroup ofProcessor(int micros) {
    return of("cpu", "cpu.cfs_quota_us", micros);
  }

  /** Aborts the test, and says so, where none can be made. */
  private static Cgroup of(String controller, String file, long limit) {
    try {
      String own =
          Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
              .filter(line -> line.contains(":" + controller + ":"))
              .map(line -> line.split(":", 3)[2])
              .findFirst()
              .orElseThrow(() -> new IOException("no controller " + controller + ", version 1"));
      Path root = ROOT.resolve(controller);
      Path parent = Path.of(root + own);
      Path made = Files.createTempDirectory(Files.isDirectory(parent) ? parent : root, "test-");
      Files.writeString(made.resolve(file), Long.toString(limit));
      return new Cgroup(made);
    } catch (IOException e) {
      return abort("no group can be made here: " + e);
    }
  }

  /** A new group in this one, with that limit of its own: close it first. */
  Cgroup inside(long bytes) throws IOException {
    Path made = Files.createTempDirectory(directory, "test-");
    Files.writeString(made.resolve("memory.limit_in_bytes"), Long.toString(bytes));
    return new Cgroup(made);
  }

  /** Another limit from now on. */
  void limit(long bytes) throws IOException {
    Files.writeString(directory.resolve("memory.limit_in_bytes"), Long.toString(bytes));
  }

  /** A neighbour in it that keeps so many MiB until its input is closed. */
  Process neighbour(int mib) throws IOException {
    List<String> command = new ArrayList<>(enter());
    String keep = "(head -c %dm /dev/zero; exec cat) | tail".formatted(mib);
    command.addAll(List.of("sh", "-c", keep));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** What becomes a command inside of it. */
  List<String> enter() {
    String script = "echo $$ > " + directory.resolve("cgroup.procs") + " && exec \"$@\"";
    return List.of("sh", "-c", script, "sh");
  }

  /** Bytes still free, without what the kernel can take back at once. */
  long free() throws IOException {
    long inactive =
        Files.readAllLines(directory.resolve("memory.stat")).stream()
            .filter(line -> line.startsWith("total_inactive_file "))
            .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
            .sum();
    return number("memory.limit_in_bytes") - number("memory.usage_in_bytes") + inactive;
  }

  /** Processes that the kernel has ended since there was no memory left. */
  long killed() throws IOException {
    return Files.readAllLines(directory.resolve("memory.oom_control")).stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
        .sum();
  }

  private long number(String file) throws IOException {
    return Long.parseLong(Files.readString(directory.resolve(file)).strip());
  }

  /** When it is empty. */
  @Override
  public void close() {
    Awaitility.await().ignoreExceptions().until(() -> Files.deleteIfExists(directory) || true);
  }
}
