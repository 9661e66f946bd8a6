package io.allocmem.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process as {@code /proc} shows it, made of files: its groups, and where it has mounted them.
 */
class ContainerReadingsTest {
  private static final long MIB = 1L << 20;

  @TempDir private Path process;
  private Path groups;

  @BeforeEach
  void mount() throws IOException {
    groups = Files.createDirectories(process.resolve("root/sys/fs/cgroup"));
  }

  @Test
  void ofTheSecondVersionTheSmallestLimitOnTheWayUpCounts() throws IOException {
    write("cgroup", "0::/pod/container\n");
    write("mountinfo", "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n");
    group("pod/container", "memory.max", "max", "memory.current", 10, "inactive_file", 1);
    group("pod", "memory.max", "" + 256 * MIB, "memory.current", 100, "inactive_file", 30);
    try (ContainerReadings container = new ContainerReadings(process)) {
      assertThat(container.isLimited()).isTrue();
      assertThat(container.capacity()).isEqualTo(256 * MIB);
      assertThat(container.used()).isEqualTo(70 * MIB);
      assertThat(container.usedWithCache()).isEqualTo(100 * MIB);
      group("pod", "memory.max", "" + 512 * MIB, "memory.current", 300, "inactive_file", 30);
      assertThat(container.capacity()).as("changed meanwhile").isEqualTo(512 * MIB);
      assertThat(container.used()).isEqualTo(270 * MIB);
    }
  }

  @Test
  void inAContainerOfTheFirstVersionThePathIsThatOfTheHost() throws IOException {
    write("cgroup", "4:cpu:/docker/c1\n3:memory:/docker/c1\n0::/\n");
    write(
        "mountinfo", "32 31 0:29 /docker/c1 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    group(
        "memory",
        "memory.limit_in_bytes",
        "" + 512 * MIB,
        "memory.usage_in_bytes",
        200,
        "total_inactive_file",
        50);
    try (ContainerReadings container = new ContainerReadings(process)) {
      assertThat(container.capacity()).isEqualTo(512 * MIB);
      assertThat(container.used()).isEqualTo(150 * MIB);
    }
  }

  @Test
  void withoutALimitItIsTheMachine() throws IOException {
    write("cgroup", "0::/\n");
    write("mountinfo", "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    try (ContainerReadings container = new ContainerReadings(process)) {
      assertThat(container.isLimited()).isFalse();
      assertThat(container.capacity()).isGreaterThan(256 * MIB);
      assertThat(container.used()).isBetween(1L, container.capacity());
    }
  }

  private void group(
      String name, String limit, String bytes, String usage, long mib, String stat, long statMib)
      throws IOException {
    Path group = Files.createDirectories(groups.resolve(name));
    Files.writeString(group.resolve(limit), bytes + "\n");
    Files.writeString(group.resolve(usage), mib * MIB + "\n");
    Files.writeString(group.resolve("memory.stat"), "anon 1\n" + stat + " " + statMib * MIB + "\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(process.resolve(file), text);
  }
}
