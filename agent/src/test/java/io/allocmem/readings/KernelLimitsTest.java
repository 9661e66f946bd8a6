package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.plan.AreaKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Process in {@code /proc}, simulated by files. Only the limits set by a test apply. */
class KernelLimitsTest {
  private static final long MIB = 1L << 20;

  @TempDir private Path proc;
  private Path self;

  @BeforeEach
  void nothingIsLimited() throws IOException {
    self = Files.createDirectories(proc.resolve("41"));
    write("41/limits", limits("unlimited", "unlimited", "unlimited", "unlimited"));
    write("41/statm", pages(1000) + " 1 1 1 0 " + pages(400) + " 0\n");
    write(
        "41/status",
        "Name:\tjava\nUid:\t77\t77\t77\t77\nThreads:\t20\nCapEff:\t0000000000000000\n");
    write("41/uid_map", "         0          0 4294967295\n");
    write("41/maps", "mapping\n".repeat(300));
    write("41/cgroup", "0::/\n");
    write("41/mountinfo", "39 31 0:36 / /groups rw - cgroup2 cgroup2 rw\n");
    write("loadavg", "8.18 6.69 3.58 14/189 19840\n");
    write("meminfo", "MemTotal: 1 kB\nCommitLimit: 2048000 kB\nCommitted_AS: 1024000 kB\n");
    sysctl("vm/max_map_count", 65530);
    sysctl("vm/overcommit_memory", 0);
    sysctl("kernel/threads-max", 10000);
    sysctl("kernel/pid_max", 32768);
  }

  private String refusal(AreaKind area, long block) throws IOException {
    try (KernelLimits limits = new KernelLimits(area, 4096, proc, self)) {
      return limits.refusal(block);
    }
  }

  @Test
  void whereNothingIsNearItsEndNothingIsRefused() throws IOException {
    for (AreaKind area : AreaKind.values()) {
      assertThat(refusal(area, 100 * MIB)).as(area.toString()).isNull();
    }
  }

  @Test
  void mappingsAreCountedAgainOnlyAfterManyBlocks() throws IOException {
    sysctl("vm/max_map_count", 800); // 700 without the margin, of which 300 exist
    try (KernelLimits limits = new KernelLimits(AreaKind.MAPPED, 4096, proc, self)) {
      int blocks = 0;
      while (limits.refusal(4096) == null) {
        blocks++;
        Files.writeString(self.resolve("maps"), "mapping\n".repeat(300 + blocks));
      }
      assertThat(blocks).isBetween(380, 400);
      assertThat(limits.refusal(4096))
          .isEqualTo(
              "the most mappings of memory (vm.max_map_count) is 800, and 100 stay for the application");
    }
  }

  /** Blocks of 1 MiB: each 64th is measured, as long as 64 more leave the margin of an eighth. */
  @Test
  void noBlockIsTakenBeyondALimitWhoseMeasurementIsShared() throws IOException {
    long limit = 1024 * MIB;
    write("41/limits", limits(limit + "", "unlimited", "unlimited", "unlimited"));
    write("41/statm", "0 1 1 1 0 1 0\n");
    long used = 0;
    try (KernelLimits limits = new KernelLimits(AreaKind.NATIVE, 4096, proc, self)) {
      while (limits.refusal(MIB) == null) {
        used += MIB;
        write("41/statm", used / 4096 + " 1 1 1 0 1 0\n");
      }
    }
    assertThat(used).isEqualTo(limit - limit / 8 - MIB);
  }

  @Test
  void addressSpaceAndDataSegmentKeepAMargin() throws IOException {
    write("41/limits", limits("" + 1200 * MIB, "unlimited", "unlimited", "unlimited"));
    assertThat(refusal(AreaKind.NATIVE, 20 * MIB)).isNull();
    assertThat(refusal(AreaKind.NATIVE, 60 * MIB))
        .isEqualTo(
            "the address space (RLIMIT_AS, ulimit -v) is 1200 MiB, and 150 MiB stay for the application");
    assertThat(refusal(AreaKind.HEAP, 60 * MIB)).as("reserved already").isNull();
    write("41/limits", limits("unlimited", "" + 480 * MIB, "unlimited", "unlimited"));
    assertThat(refusal(AreaKind.HEAP, 30 * MIB)).contains("RLIMIT_DATA", "480 MiB");
    assertThat(refusal(AreaKind.HEAP, 8 * MIB)).isNull();
  }

  @Test
  void whatTheMachineCommitsCountsWhereItKeepsAccounts() throws IOException {
    assertThat(refusal(AreaKind.NATIVE, 900 * MIB)).isNull();
    sysctl("vm/overcommit_memory", 2);
    assertThat(refusal(AreaKind.NATIVE, 900 * MIB)).contains("CommitLimit", "is 2000 MiB");
    assertThat(refusal(AreaKind.NATIVE, 700 * MIB)).isNull();
  }

  @Test
  void threadsCountOfTheMachineTheUserAndTheGroups() throws IOException {
    sysctl("kernel/threads-max", 215);
    assertThat(refusal(AreaKind.STACK, MIB)).contains("(kernel.threads-max) is 215, and 26 stay");
    sysctl("kernel/threads-max", 10000);
    sysctl("kernel/pid_max", 200);
    assertThat(refusal(AreaKind.STACK, MIB)).contains("(kernel.pid_max) is 200");
    sysctl("kernel/pid_max", 32768);
    write("41/limits", limits("unlimited", "unlimited", "80", "unlimited"));
    assertThat(refusal(AreaKind.STACK, MIB)).isNull();
    Files.createDirectories(proc.resolve("42"));
    write("42/status", "Uid:\t77\t77\t77\t77\nThreads:\t50\n");
    assertThat(refusal(AreaKind.STACK, MIB))
        .contains("of this user (RLIMIT_NPROC, ulimit -u) is 80");
    assertThat(refusal(AreaKind.NATIVE, MIB)).as("takes no threads").isNull();
    write("41/status", "Uid:\t77\t77\t77\t77\nThreads:\t20\nCapEff:\t0000000001000000\n");
    assertThat(refusal(AreaKind.STACK, MIB)).as("may exceed it").isNull();
    write("41/uid_map", "0 100000 65536\n");
    assertThat(refusal(AreaKind.STACK, MIB)).as("in a user namespace nobody may").isNotNull();
  }

  @Test
  void eachGroupOnTheWayUpLimitsThreads() throws IOException {
    Path groups = Files.createDirectories(self.resolve("root/pids/pod/c1"));
    write("41/cgroup", "8:pids:/pod/c1\n0::/\n");
    write("41/mountinfo", "39 31 0:36 / /pids rw - cgroup cgroup rw,pids\n");
    write("41/root/pids/pod/c1/pids.max", "max\n");
    write("41/root/pids/pod/c1/pids.current", "30\n");
    write("41/root/pids/pod/pids.max", "40\n");
    write("41/root/pids/pod/pids.current", "35\n");
    assertThat(refusal(AreaKind.STACK, MIB)).contains("(pids.max) is 40, and 5 stay");
    write("41/root/pids/pod/pids.current", "34\n");
    assertThat(groups).exists();
    assertThat(refusal(AreaKind.STACK, MIB)).isNull();
  }

  @Test
  void descriptorsCountWhereABlockNeedsOne() throws IOException {
    write("41/limits", limits("unlimited", "unlimited", "unlimited", "8"));
    assertThat(refusal(AreaKind.MAPPED, MIB)).contains("(RLIMIT_NOFILE, ulimit -n) is 8");
    assertThat(refusal(AreaKind.NATIVE, MIB)).isNull();
  }

  /** A directory in place of the file cannot be read by any user, not even by root. */
  @Test
  void whatCannotBeReadIsNeverNoLimit() throws IOException {
    String[][] hidden = {
      {"41/limits", "NATIVE", "the address space (RLIMIT_AS, ulimit -v)"},
      {"41/limits", "HEAP", "the data segment (RLIMIT_DATA, ulimit -d)"},
      {"41/statm", "METASPACE", "the address space (RLIMIT_AS, ulimit -v)"},
      {"41/maps", "MAPPED", "the most mappings of memory (vm.max_map_count)"},
      {"41/status", "STACK", "the most threads of this user (RLIMIT_NPROC, ulimit -u)"},
      {"41/cgroup", "STACK", "the most threads of the container (pids.max)"},
      {"41/mountinfo", "STACK", "the most threads of the container (pids.max)"},
      {"loadavg", "STACK", "the most threads (kernel.threads-max)"},
      {"meminfo", "DIRECT", "what the machine commits (CommitLimit, vm.overcommit_memory=2)"}
    };
    write("41/limits", limits("" + (1L << 40), "unlimited", "80", "unlimited"));
    sysctl("vm/overcommit_memory", 2);
    for (String[] one : hidden) {
      String text = Files.readString(proc.resolve(one[0]));
      Files.delete(proc.resolve(one[0]));
      Files.createDirectory(proc.resolve(one[0]));
      assertThat(refusal(AreaKind.valueOf(one[1]), MIB))
          .isEqualTo(one[2] + " cannot be read: the application may need what is left");
      Files.delete(proc.resolve(one[0]));
      write(one[0], text);
    }
  }

  @Test
  void aLimitWithoutANumberCannotBeReadEither() throws IOException {
    write(
        "41/limits", "Limit                     Soft Limit           Hard Limit           Units\n");
    assertThat(refusal(AreaKind.NATIVE, MIB)).contains("(RLIMIT_AS, ulimit -v) cannot be read");
    write("41/limits", limits("unlimited", "unlimited", "?", "?"));
    assertThat(refusal(AreaKind.STACK, MIB)).contains("(RLIMIT_NPROC, ulimit -u) cannot be read");
    assertThat(refusal(AreaKind.MAPPED, MIB)).contains("(RLIMIT_NOFILE, ulimit -n) cannot be");
  }

  @Test
  void whatTheKernelDoesNotShowIsAsItBegins() throws IOException {
    for (String file : List.of("vm/max_map_count", "kernel/threads-max", "kernel/pid_max")) {
      Files.delete(proc.resolve("sys").resolve(file));
    }
    assertThat(refusal(AreaKind.MAPPED, MIB)).isNull();
    assertThat(refusal(AreaKind.STACK, MIB)).isNull();
    write("41/maps", "mapping\n".repeat(57400));
    assertThat(refusal(AreaKind.MAPPED, MIB)).contains("(vm.max_map_count) is 65530");
    write("41/maps", "mapping\n");
    write("loadavg", "8.18 6.69 3.58 14/32000 19840\n");
    assertThat(refusal(AreaKind.STACK, MIB)).contains("(kernel.threads-max) is 32768");
  }

  @Test
  void numbersThatAreTooLargeForALongAreTheLargest() throws IOException {
    write("41/limits", limits("" + (Long.MAX_VALUE - 1), "unlimited", "80", "unlimited"));
    write("41/statm", "99999999999999999999 1 1 1 0 99999999999999999999 0\n");
    assertThat(refusal(AreaKind.NATIVE, MIB)).contains("RLIMIT_AS");
    write("41/statm", "9007199254740993 1 1 1 0 1 0\n"); // so many pages exceed a long in bytes
    assertThat(refusal(AreaKind.NATIVE, MIB)).contains("RLIMIT_AS");
    write("41/statm", "1 1 1 1 0 1 0\n");
    write("41/status", "Uid:\t77\t77\t77\t77\nThreads:\t99999999999999999999\nCapEff:\t0\n");
    assertThat(refusal(AreaKind.STACK, MIB)).contains("RLIMIT_NPROC");
  }

  private static String limits(String space, String data, String processes, String files) {
    return "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max data size             %s          unlimited            bytes     \n".formatted(data)
        + "Max processes             %s          unlimited            processes \n"
            .formatted(processes)
        + "Max open files            %s                20000                files     \n"
            .formatted(files)
        + "Max address space         %s            unlimited            bytes     \n"
            .formatted(space);
  }

  private static long pages(long mib) {
    return mib * MIB / 4096;
  }

  private void sysctl(String name, long value) throws IOException {
    Files.createDirectories(proc.resolve("sys").resolve(name).getParent());
    write("sys/" + name, value + "\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(proc.resolve(file), text);
  }
}
