package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/**
 * Kernel limits beside memory that a plan can exhaust: mappings, address space and committed
 * memory. For thread stacks, the threads of the process, the user, the cgroups and the machine
 * count as well. For mapped files, descriptors count as well. Opened by the attach thread; queries
 * allocate nothing.
 */
public final class KernelLimits implements Closeable {
  private static final long KIB = 1024;
  private static final long MOST_BYTES = 1L << 30;
  private static final long MOST_THREADS = 1024;
  private static final long MOST_FILES = 256;

  /** Bytes taken beyond a block: segments of native memory, or growth of the heap. */
  private static final long MORE_BYTES = 64L << 20;

  /**
   * Blocks after a measurement without a further one, if the limits leave all of them as well, and
   * their bytes.
   */
  private static final long BLOCKS_AT_ONCE = 64;

  private static final long BYTES_AT_ONCE = 64L << 20;

  /** Age of a measurement: others take from the same limits. */
  private static final long FRESH_NANOS = 10_000_000;

  /** Kernel default, if the current value is not visible: the minimum of any machine. */
  private static final long DEFAULT_MAPPINGS = 65530;

  private static final long DEFAULT_THREADS = 32768;

  /** Value of vm.overcommit_memory with strict accounting. */
  private static final int NEVER_OVERCOMMITS = 2;

  private final Path proc;
  private final long pageSize;
  private final byte[] buffer = new byte[KernelFile.PIECE];
  private final List<KernelFile> files = new ArrayList<>();
  private final List<KernelLimit> bytes = new ArrayList<>();
  private final List<KernelLimit> counts = new ArrayList<>();
  private final KernelLimit[] ofBytes;
  private final KernelLimit[] ofCounts;
  private long allowed;
  private long measuredAt;

  KernelLimits(AreaKind area, long pageSize) {
    this(area, pageSize, Paths.get("/proc"), Cgroups.SELF);
  }

  /**
   * @param proc directory of procfs
   * @param self directory of the process in procfs
   */
  KernelLimits(AreaKind area, long pageSize, Path proc, Path self) {
    this.proc = proc;
    this.pageSize = pageSize;
    if (isShown(self.resolve("limits"))) {
      addLimits(area, self);
    }
    addCommitted();
    if (isShown(self.resolve("maps"))) {
      long most = number("sys/vm/max_map_count", DEFAULT_MAPPINGS);
      counts.add(new MappingLimit(open(self.resolve("maps")), most));
    }
    if (area == AreaKind.STACK) {
      addThreads(self);
    }
    ofBytes = bytes.toArray(new KernelLimit[0]);
    ofCounts = counts.toArray(new KernelLimit[0]);
  }

  /** Returns whether the kernel has such a file, readable or not. */
  private static boolean isShown(Path path) {
    return !Files.notExists(path);
  }

  /** Opens a file; returns null if opening fails, and figures of the file are unknown then. */
  private KernelFile open(Path path) {
    KernelFile file = KernelFile.openOrNull(path.toString(), buffer);
    if (file != null) {
      files.add(file);
    }
    return file;
  }

  private static Figure field(KernelFile file, String name, long unit) {
    return file == null ? Figure.of(Reading.UNKNOWN) : Figure.ofField(file, name, unit);
  }

  private static Figure word(KernelFile file, int index, long unit) {
    return file == null ? Figure.of(Reading.UNKNOWN) : Figure.ofWord(file, index, unit);
  }

  /** Reads a number a single time: only an administrator changes these numbers. */
  private long number(String path, long otherwise) {
    try (KernelFile file = new KernelFile(proc.resolve(path).toString(), buffer)) {
      long number = file.word(0);
      return number < 0 ? otherwise : number;
    } catch (IOException notShown) {
      return otherwise;
    }
  }

  private void addLimits(AreaKind area, Path self) {
    KernelFile limits = open(self.resolve("limits"));
    KernelFile statm = open(self.resolve("statm"));
    if (!area.isOnHeap()) {
      add(limits, "Max address space", "the address space (RLIMIT_AS, ulimit -v)", statm, 0);
    }
    add(limits, "Max data size", "the data segment (RLIMIT_DATA, ulimit -d)", statm, 5);
    if (area == AreaKind.MAPPED) {
      addFiles(limits);
    }
  }

  private void add(KernelFile limits, String field, String name, KernelFile statm, int word) {
    Figure used = word(statm, word, pageSize);
    bytes.add(new KernelLimit(name, MOST_BYTES, true, field(limits, field, 1), used));
  }

  private void addCommitted() {
    if (number("sys/vm/overcommit_memory", 0) == NEVER_OVERCOMMITS) {
      KernelFile meminfo = open(proc.resolve("meminfo"));
      bytes.add(
          new KernelLimit(
              "what the machine commits (CommitLimit, vm.overcommit_memory=2)",
              MOST_BYTES,
              true,
              field(meminfo, "CommitLimit", KIB),
              field(meminfo, "Committed_AS", KIB)));
    }
  }

  private void addThreads(Path self) {
    if (isShown(proc.resolve("loadavg"))) {
      // running threads, and after the slash all threads
      Figure all = word(open(proc.resolve("loadavg")), 4, 1);
      long threads = number("sys/kernel/threads-max", DEFAULT_THREADS);
      addThreads("(kernel.threads-max)", Figure.of(threads), all);
      long pids = number("sys/kernel/pid_max", DEFAULT_THREADS);
      addThreads("(kernel.pid_max)", Figure.of(pids), all);
    }
    if (isShown(self.resolve("limits")) && !UserThreads.isUnlimited(self)) {
      addThreads(
          "of this user (RLIMIT_NPROC, ulimit -u)",
          field(open(self.resolve("limits")), "Max processes", 1),
          UserThreads.of(proc, open(self.resolve("status"))));
    }
    Cgroups groups = Cgroups.of(self, self, "pids");
    String container = "of the container (pids.max)";
    if (groups.problem != null) {
      addThreads(container, Figure.of(Reading.UNKNOWN), Figure.of(0));
    }
    for (String directory : groups.directories) {
      if (isShown(Paths.get(directory, "pids.max"))) { // the topmost cgroup has no pids.max
        Figure most = word(open(Paths.get(directory, "pids.max")), 0, 1);
        addThreads(container, most, word(open(Paths.get(directory, "pids.current")), 0, 1));
      }
    }
  }

  private void addThreads(String name, Figure limit, Figure used) {
    counts.add(new KernelLimit("the most threads " + name, MOST_THREADS, false, limit, used));
  }

  /** Adds the limit of open files. A block keeps no descriptor, so a missing count harms nobody. */
  private void addFiles(KernelFile limits) {
    Figure open = OpenFiles.counted();
    if (open != null) {
      counts.add(
          new KernelLimit(
              "the most open files (RLIMIT_NOFILE, ulimit -n)",
              MOST_FILES,
              false,
              field(limits, "Max open files", 1),
              open));
    }
  }

  /**
   * Returns the reason why another block would take memory, mappings or threads that the
   * application needs; null if the block leaves enough. Small blocks share a measurement.
   *
   * @param block bytes of the block, the same at each call
   */
  public String refusal(long block) {
    return refusal(block, 0);
  }

  /**
   * Returns the reason in the same way, beside ordered blocks that may not be allocated yet.
   *
   * @param ordered number of the ordered blocks
   */
  public String refusal(long block, int ordered) {
    allowed--;
    if (allowed >= 0 && System.nanoTime() - measuredAt < FRESH_NANOS) {
      return null;
    }
    measuredAt = System.nanoTime();
    long many = Math.min(BLOCKS_AT_ONCE, BYTES_AT_ONCE / block);
    if (many > 1 && refusal(block, many + ordered) == null) {
      allowed = many - 1;
      return null;
    }
    allowed = 0;
    return refusal(block, 1L + ordered);
  }

  private String refusal(long block, long blocks) {
    long more = Math.max(block, Math.min(MORE_BYTES, 2 * block));
    for (KernelLimit limit : ofBytes) {
      if (!limit.leaves(more + (blocks - 1) * block)) {
        return limit.reason();
      }
    }
    for (KernelLimit limit : ofCounts) {
      if (!limit.leaves(blocks)) {
        return limit.reason();
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    for (KernelFile file : files) {
      file.close();
    }
  }
}
