package io.allocmem.status;

import io.allocmem.plan.AreaKind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel limits beside memory, and a plan can use up: mappings, address space, what may be
 * committed, and for thread stacks the threads of the process, the user, the groups and the
 * machine, for mapped files the descriptors. Opened by the thread that brought the plan; asking
 * allocates nothing.
 */
public final class KernelLimits implements Closeable {
  private static final long KIB = 1024;
  private static final long MOST_BYTES = 1L << 30;
  private static final long MOST_THREADS = 1024;
  private static final long MOST_FILES = 256;

  /** Segments of native memory, or what a heap grows by: what is taken beyond a block. */
  private static final long MORE_BYTES = 64L << 20;

  /** Of the kernel's heuristics for handing out memory the one that keeps accounts. */
  private static final int NEVER_OVERCOMMITS = 2;

  private final Path proc;
  private final long pageSize;
  private final byte[] buffer = new byte[KernelFile.PIECE];
  private final List<KernelFile> files = new ArrayList<>();
  private final List<KernelLimit> bytes = new ArrayList<>();
  private final List<KernelLimit> counts = new ArrayList<>();
  private final KernelLimit[] ofBytes;
  private final KernelLimit[] ofCounts;

  KernelLimits(AreaKind area, long pageSize) {
    this(area, pageSize, Paths.get("/proc"), Cgroups.SELF);
  }

  /**
   * @param proc the directory that the kernel makes
   * @param self the process's own in it
   */
  KernelLimits(AreaKind area, long pageSize, Path proc, Path self) {
    this.proc = proc;
    this.pageSize = pageSize;
    KernelFile limits = open(self.resolve("limits"));
    KernelFile statm = open(self.resolve("statm"));
    if (limits != null && statm != null) {
      if (!area.isOnHeap()) {
        add(limits, "Max address space", "the address space (RLIMIT_AS, ulimit -v)", statm, 0);
      }
      add(limits, "Max data size", "the data segment (RLIMIT_DATA, ulimit -d)", statm, 5);
    }
    addCommitted();
    KernelFile maps = open(self.resolve("maps"));
    if (maps != null) {
      counts.add(new MappingLimit(maps, number("sys/vm/max_map_count")));
    }
    if (area == AreaKind.STACK) {
      addThreads(self, limits);
    }
    if (area == AreaKind.MAPPED && limits != null) {
      addFiles(limits);
    }
    ofBytes = bytes.toArray(new KernelLimit[0]);
    ofCounts = counts.toArray(new KernelLimit[0]);
  }

  private KernelFile open(Path path) {
    try {
      KernelFile file = new KernelFile(path.toString(), buffer);
      files.add(file);
      return file;
    } catch (IOException notHere) {
      return null;
    }
  }

  /** Read once: only an administrator changes these. */
  private long number(String path) {
    try (KernelFile file = new KernelFile(proc.resolve(path).toString(), buffer)) {
      return file.word(0);
    } catch (IOException notHere) {
      return ProcessReadings.UNKNOWN;
    }
  }

  private void add(KernelFile limits, String field, String name, KernelFile statm, int word) {
    Figure limit = Figure.ofField(limits, field, 1);
    Figure used = Figure.ofWord(statm, word, pageSize);
    bytes.add(new KernelLimit(name, MOST_BYTES, true, limit, used));
  }

  private void addCommitted() {
    KernelFile meminfo =
        number("sys/vm/overcommit_memory") == NEVER_OVERCOMMITS
            ? open(proc.resolve("meminfo"))
            : null;
    if (meminfo != null) {
      bytes.add(
          new KernelLimit(
              "what the machine commits (CommitLimit, vm.overcommit_memory=2)",
              MOST_BYTES,
              true,
              Figure.ofField(meminfo, "CommitLimit", KIB),
              Figure.ofField(meminfo, "Committed_AS", KIB)));
    }
  }

  private void addThreads(Path self, KernelFile limits) {
    KernelFile load = open(proc.resolve("loadavg"));
    if (load != null) {
      Figure all = Figure.ofWord(load, 4, 1); // running, and after the slash all there are
      addThreads("(kernel.threads-max)", Figure.of(number("sys/kernel/threads-max")), all);
      addThreads("(kernel.pid_max)", Figure.of(number("sys/kernel/pid_max")), all);
    }
    KernelFile status = open(self.resolve("status"));
    if (limits != null && status != null && !UserThreads.isUnlimited(self)) {
      addThreads(
          "of this user (RLIMIT_NPROC, ulimit -u)",
          Figure.ofField(limits, "Max processes", 1),
          new UserThreads(proc, self, status));
    }
    Cgroups groups = Cgroups.of(self, self, "pids");
    for (String directory : groups.directories) {
      KernelFile most = open(Paths.get(directory, "pids.max"));
      KernelFile current = most == null ? null : open(Paths.get(directory, "pids.current"));
      if (current != null) {
        addThreads(
            "of the container (pids.max)", Figure.ofWord(most, 0, 1), Figure.ofWord(current, 0, 1));
      }
    }
  }

  private void addThreads(String name, Figure limit, Figure used) {
    counts.add(new KernelLimit("the most threads " + name, MOST_THREADS, false, limit, used));
  }

  private void addFiles(KernelFile limits) {
    Figure open = OpenFiles.counted();
    if (open != null) {
      counts.add(
          new KernelLimit(
              "the most open files (RLIMIT_NOFILE, ulimit -n)",
              MOST_FILES,
              false,
              Figure.ofField(limits, "Max open files", 1),
              open));
    }
  }

  /** Why one more block would take what the application needs; null when it would not. */
  public String refusal(long block) {
    for (KernelLimit limit : ofBytes) {
      if (!limit.leaves(Math.max(block, Math.min(MORE_BYTES, 2 * block)))) {
        return limit.reason();
      }
    }
    for (KernelLimit limit : ofCounts) {
      if (!limit.leaves(1)) {
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
