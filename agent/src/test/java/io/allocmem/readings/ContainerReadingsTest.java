package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Process in {@code /proc}, simulated by files: its groups and mounts, on a machine with 8 GiB and
 * 6 GiB available.
 */
class ContainerReadingsTest {
  private static final long MIB = 1L << 20;
  private static final String V2 = "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
  private static final String V1 =
      "32 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

  @TempDir private Path process;
  private Path groups;

  @BeforeEach
  void mount() throws IOException {
    groups = Files.createDirectories(process.resolve("root/sys/fs/cgroup"));
    machine(6144);
  }

  private void machine(long availableMib) throws IOException {
    write(
        "meminfo",
        "MemTotal: 8388608 kB\nMemFree: 1 kB\nMemAvailable: " + (availableMib << 10) + " kB\n");
  }

  private ContainerReadings container() {
    return new ContainerReadings(process, process.resolve("meminfo").toString(), null, process);
  }

  @Test
  void capacityIsTheSmallestLimitOnTheWayUpAndRoomTheLeastThatIsLeftAnywhere() throws IOException {
    write("cgroup", "0::/pod/container\n");
    write("mountinfo", V2);
    second("pod/container", "300", 100, 0);
    second("pod", "300", 100, 0);
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(300 * MIB);
      assertThat(container.room(false)).isEqualTo(200 * MIB);
      second("pod", "300", 260, 20);
      assertThat(container.room(false)).as("a neighbour has grown").isEqualTo(60 * MIB);
      assertThat(container.room(true)).isEqualTo(40 * MIB);
      assertThat(container.used()).isEqualTo(240 * MIB);
      assertThat(container.usedWithoutCache()).isEqualTo(233 * MIB);
      assertThat(container.empty()).as("the rest of the machine is cache").isEqualTo(1024);
      second("pod", "280", 260, 20);
      assertThat(container.capacity()).as("a limit was lowered").isEqualTo(280 * MIB);
      assertThat(container.room(false)).isEqualTo(40 * MIB);
      second("pod", "200", 260, 20);
      assertThat(container.room(false)).as("below what is used").isEqualTo(-40 * MIB);
      second("pod", "max", 260, 20);
      assertThat(container.capacity()).as("and taken away").isEqualTo(300 * MIB);
      machine(30);
      assertThat(container.room(false)).as("the machine ends first").isEqualTo(30 * MIB);
      assertThat(container.problem()).isNull();
    }
  }

  @Test
  void memoryBeyondWhatALongCanCountIsTheMost() throws IOException {
    write("cgroup", "0::/c1\n");
    write("mountinfo", V2);
    second("c1", "max", 100, 0);
    write("meminfo", "MemTotal: 13510798882111488 kB\nMemAvailable: 13510798882111488 kB\n");
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(Long.MAX_VALUE);
      assertThat(container.room(false)).isEqualTo(Long.MAX_VALUE);
      assertThat(container.used()).isZero();
    }
  }

  @Test
  void memoryAndSwapTogetherAreALimitOfTheFirstVersion() throws IOException {
    write("cgroup", "4:cpu:/c1\n3:memory:/c1\n0::/\n");
    write("mountinfo", V1);
    first("memory/c1", 512, 200, 50);
    first("memory", 1L << 40, 3000, 0);
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(512 * MIB);
      assertThat(container.room(false)).isEqualTo(362 * MIB);
      assertThat(container.usedWithoutCache()).isEqualTo(143 * MIB);
    }
    number("memory/c1", "memory.memsw.limit_in_bytes", 520);
    number("memory/c1", "memory.memsw.usage_in_bytes", 500);
    try (ContainerReadings container = container()) {
      assertThat(container.room(false)).as("300 MiB are swapped out").isEqualTo(70 * MIB);
    }
  }

  @Test
  void theHighMarkOfTheSecondVersionIsASecondCapacity() throws IOException {
    write("cgroup", "0::/pod/c1\n");
    write("mountinfo", V2);
    second("pod", "600", 100, 0);
    second("pod/c1", "512", 100, 10);
    Files.writeString(groups.resolve("pod/memory.high"), 450 * MIB + "\n");
    Files.writeString(groups.resolve("pod/c1/memory.high"), 400 * MIB + "\n");
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(512 * MIB);
      assertThat(container.high()).isEqualTo(400 * MIB);
      assertThat(container.room(false)).isEqualTo(310 * MIB);
      assertThat(container.used()).isEqualTo(90 * MIB);
      number("pod/c1", "memory.current", 420);
      assertThat(container.room(true)).as("throttled").isEqualTo(-20 * MIB);
      assertThat(container.usedWithCache()).isEqualTo(420 * MIB);
      assertThat(container.empty()).as("although the limit is higher").isZero();
      Files.writeString(groups.resolve("pod/c1/memory.high"), "max\n");
      assertThat(container.high()).as("the pod's mark").isEqualTo(450 * MIB);
      Files.writeString(groups.resolve("pod/memory.high"), 700 * MIB + "\n");
      assertThat(container.high()).as("above the limit").isEqualTo(-1);
      Files.writeString(groups.resolve("pod/memory.high"), 512 * MIB + "\n");
      assertThat(container.high()).as("at the limit the kernel ends a process").isEqualTo(-1);
    }
  }

  @Test
  void withoutALimitTheHighMarkIsTheOnlyCapacity() throws IOException {
    write("cgroup", "0::/c1\n");
    write("mountinfo", V2);
    second("c1", "max", 100, 0);
    Files.writeString(groups.resolve("c1/memory.high"), 400 * MIB + "\n");
    try (ContainerReadings container = container()) {
      assertThat(container.isLimited()).isTrue();
      assertThat(container.capacity()).isEqualTo(400 * MIB);
      assertThat(container.high()).isEqualTo(400 * MIB);
      assertThat(container.room(false)).isEqualTo(300 * MIB);
      assertThat(container.used()).isEqualTo(100 * MIB);
    }
  }

  @Test
  void inAContainerOfTheFirstVersionThePathIsThatOfTheHost() throws IOException {
    write("cgroup", "4:cpu:/docker/c1\n3:memory:/docker/c1\n0::/\n");
    write("mountinfo", V1.replace("0:29 /", "0:29 /docker/c1"));
    first("memory", 512, 200, 50);
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(512 * MIB);
      assertThat(container.used()).isEqualTo(150 * MIB);
    }
  }

  /**
   * Both cgroup versions, a byte outside UTF-8, a mount point with a space, and a further mount of
   * version 1.
   */
  @Test
  void whateverElseIsMountedTheLimitIsSeen() throws IOException {
    write("cgroup", "5:name=systemd:/x\n3:hugetlb,memory:/c 1\n0::/c 1\n");
    byte[] odd =
        ("30 1 8:1 /caf\351 /mnt/caf\351 rw - ext4 /dev/sda rw\n"
                + V2.replace("/sys/fs/cgroup ", "/sys/fs/cgroup/unified ")
                + "33 31 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
                + "34 31 0:29 / /sys/fs/cgroup/my\\040memory rw - cgroup cgroup rw,hugetlb,memory\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    Files.write(process.resolve("mountinfo"), odd);
    first("my memory/c 1", 512, 200, 50);
    first("my memory", 1L << 40, 200, 50);
    try (ContainerReadings container = container()) {
      assertThat(container.problem()).isNull();
      assertThat(container.capacity()).isEqualTo(512 * MIB);
    }
  }

  /** Occurs in a JVM of a moved container, or with a mount of another namespace. */
  @Test
  void whatLiesOutsideOfANamespaceIsFoundWhereTheNamesAreKnown() throws IOException {
    write("cgroup", "0::/../b\n");
    write("mountinfo", V2.replace("0:28 /", "0:28 /.."));
    second("b", "512", 100, 0);
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(512 * MIB);
      assertThat(container.problem()).isNull();
    }
    write("mountinfo", V2);
    try (ContainerReadings container = container()) {
      assertThat(container.room(false)).isZero();
      assertThat(container.problem())
          .isEqualTo("its cgroup /../b (memory) is outside of what is mounted there");
    }
    write("cgroup", "0::/docker/c10\n");
    write("mountinfo", V2.replace("0:28 /", "0:28 /docker/c1"));
    try (ContainerReadings container = container()) {
      assertThat(container.problem()).contains("/docker/c10");
    }
  }

  /** Groups of a target and of a launcher, as a launcher in an ephemeral container reads both. */
  @Test
  void whoIsBesideInAPodCountsAgainstItsLimit() throws IOException {
    Path other = Files.createDirectories(process.resolve("other"));
    for (String[] both :
        new String[][] {
          {"/kubepods/pod1/c1", "/kubepods/pod1/c2", "yes"},
          {"/kubepods/pod1/c1", "/kubepods/pod11/c2", "no"},
          {"/system.slice/a", "/user.slice/b", "no"},
          {"/../c1", "/", "yes"},
          {"/a", "/b", "no"}
        }) {
      write("cgroup", "0::" + both[0] + "\n");
      write("other/cgroup", "0::" + both[1] + "\n");
      Cgroups ours = Cgroups.of(process, process, "memory");
      assertThat(ours.hasBeside(Cgroups.of(other, process, "memory")))
          .as(both[0] + " " + both[1])
          .isEqualTo(both[2].equals("yes"));
    }
  }

  @Test
  void whatCannotBeReadLeavesNoRoom() throws IOException {
    write("cgroup", "0::/pod/c1\n");
    write("mountinfo", V2);
    second("pod", "512", 100, 0);
    try (ContainerReadings container = container()) {
      assertThat(container.problem()).contains("pod/c1/memory.max");
      assertThat(container.room(false)).isZero();
      assertThat(container.used()).isEqualTo(512 * MIB);
    }
    write("mountinfo", "");
    try (ContainerReadings container = container()) {
      assertThat(container.problem()).isEqualTo("its cgroup /pod/c1 (memory) is not mounted there");
    }
    Files.delete(process.resolve("mountinfo"));
    try (ContainerReadings container = container()) {
      assertThat(container.room(false)).isZero();
    }
  }

  @Test
  void aProcessThatWasMovedIsFollowed() throws IOException {
    write("cgroup", "0::/a\n");
    write("mountinfo", V2);
    second("a", "512", 100, 0);
    second("b", "256", 10, 0);
    try (ContainerReadings container = container()) {
      assertThat(container.capacity()).isEqualTo(512 * MIB);
      write("cgroup", "0::/b\n");
      await(() -> container.capacity() == 256 * MIB);
      write("cgroup", "0::/c\n");
      await(() -> container.room(false) == 0);
      assertThat(container.problem()).contains("/c/memory.max");
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within a second").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void withoutALimitItIsTheMachine() throws IOException {
    write("cgroup", "0::/a\n");
    write("mountinfo", V2);
    Files.createDirectories(groups.resolve("a")); // without the controller
    try (ContainerReadings container = container()) {
      assertThat(container.isLimited()).isFalse();
      assertThat(container.problem()).isNull();
      assertThat(container.capacity()).isEqualTo(8192 * MIB);
      assertThat(container.used()).isEqualTo(2048 * MIB);
    }
    Files.delete(process.resolve("cgroup")); // a kernel without cgroups
    try (ContainerReadings container = container()) {
      assertThat(container.room(false)).isEqualTo(6144 * MIB);
    }
  }

  private void second(String name, String maxMib, long mib, long inactiveMib) throws IOException {
    Path group = Files.createDirectories(groups.resolve(name));
    String max = maxMib.equals("max") ? maxMib : "" + Long.parseLong(maxMib) * MIB;
    Files.writeString(group.resolve("memory.max"), max + "\n");
    number(name, "memory.current", mib);
    stat(group, "inactive_file " + inactiveMib * MIB + "\nactive_file " + 7 * MIB);
  }

  private void first(String name, long limit, long mib, long inactiveMib) throws IOException {
    Path group = Files.createDirectories(groups.resolve(name));
    number(name, "memory.limit_in_bytes", limit);
    number(name, "memory.usage_in_bytes", mib);
    String total = "total_inactive_file " + inactiveMib * MIB + "\ntotal_active_file " + 7 * MIB;
    stat(group, "inactive_file 1\nactive_file 1\n" + total);
  }

  /** Writes a file longer than one read, as with many NUMA nodes. */
  private static void stat(Path group, String last) throws IOException {
    String many = "workingset_refault_anon 123456789\n".repeat(500);
    Files.writeString(group.resolve("memory.stat"), "anon 1\n" + many + last + "\n");
  }

  private void number(String group, String file, long mib) throws IOException {
    Files.writeString(groups.resolve(group).resolve(file), mib * MIB + "\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(process.resolve(file), text);
  }
}
