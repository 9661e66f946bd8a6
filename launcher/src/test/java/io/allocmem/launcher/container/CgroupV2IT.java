package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.fixtures.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans in cgroups of version 2, by the kernel's own figures. One virtual machine runs all cases:
 * {@code cgroup-v2.sh}. Skipped on a machine without an emulator or a kernel.
 */
@EnabledIfSystemProperty(named = "allocmem.test.long", matches = "true")
class CgroupV2IT {
  private static final long MIB = 1L << 20;

  private static Map<String, String> figures;

  @BeforeAll
  static void runAllCases(@TempDir Path directory) throws Exception {
    figures = VirtualMachine.run(directory, "cgroup-v2.sh");
  }

  @Test
  void thePlanWithoutHeadroomIsKilledAtTheLimit() {
    assertThat(number("limit oom_kill")).isEqualTo(1);
    assertThat(number("limit peak")).isEqualTo(256 * MIB);
  }

  @Test
  void headroomStaysFreeBelowTheLimit() throws IOException {
    assertThat(number("keep-free oom_kill")).isZero();
    assertThat(number("keep-free peak")).isBetween(180 * MIB, 256 * MIB * 9 / 10);
    assertThat(status("keep-free"))
        .containsEntry("containerCapacity", 256 * MIB)
        .containsEntry("containerHigh", null);
  }

  @Test
  void aTargetUtilisationIsAShareOfTheLimit() {
    assertThat(number("until current")).isBetween(256 * MIB * 82 / 100, 256 * MIB * 88 / 100);
    assertThat(number("until oom_kill")).isZero();
  }

  @Test
  void aboveMemoryHighThePlanIsThrottledNotKilledAndReleases() throws IOException {
    assertThat(number("high current")).isGreaterThan(250 * MIB);
    assertThat(number("high high")).as("times that the kernel throttled").isPositive();
    assertThat(number("high oom_kill")).isZero();
    assertThat(status("high"))
        .containsEntry("containerCapacity", 400 * MIB)
        .containsEntry("containerHigh", 250 * MIB);
    assertThat(figures.get("high check")).contains("throttles the container above 250 MiB");
    assertThat(figures.get("high release")).contains("released ");
    assertThat(number("high after")).isLessThan(200 * MIB);
  }

  @Test
  void headroomStaysFreeBelowMemoryHigh() {
    assertThat(number("below-high high")).as("times that the kernel throttled").isZero();
    assertThat(number("below-high peak")).isBetween(150 * MIB, 210 * MIB);
  }

  @Test
  void withoutALimitAShareIsOfMemoryHigh() {
    assertThat(number("only-high current")).isBetween(250 * MIB * 57 / 100, 250 * MIB * 63 / 100);
  }

  private static long number(String figure) {
    assertThat(figures).containsKey(figure);
    return Long.parseLong(figures.get(figure));
  }

  /** Returns the status of a case, with all whole numbers as long. */
  private static Map<String, Object> status(String name) throws IOException {
    Map<String, Object> status = JSON.std.mapFrom(figures.get(name + " status"));
    status.replaceAll((field, value) -> value instanceof Integer i ? i.longValue() : value);
    return status;
  }
}
