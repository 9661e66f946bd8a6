package io.allocmem.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.JvmErgonomics;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.HoldPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap of a new JVM follows from the plan, for each area and collector. */
class RunSizesTest {
  private static final long MIB = 1L << 20;
  private static final long DEFAULT_HEAP = 256 * MIB;
  private static final long AVAILABLE = 20_000 * MIB;

  private static RunSizes sizes(int jdk, String collector, String options, String... given) {
    Map<String, String> flags = new HashMap<>();
    flags.put("MaxHeapSize", Long.toString(DEFAULT_HEAP));
    flags.put("ParallelGCThreads", "2");
    flags.put("Use" + collector + "GC", "true");
    return RunSizes.of(
        plan(options),
        new JvmErgonomics(jdk, flags),
        StartOptions.listed(List.of(given), List.of()),
        AVAILABLE);
  }

  private static HoldPlan plan(String options) {
    return InProcess.plan(("run " + options).split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "25, Serial, -m 100 -x 2048, -Xms2132m -Xmx2132m -Xmn1m",
    "25, Serial, -m 0.5m -x 2048, -Xms2080m -Xmx2080m -Xmn8m",
    "8, Parallel, -m 100 -x 2048, -Xms2132m -Xmx2132m -Xmn1m",
    "8, ConcMarkSweep, -m 5 -x 300 -a objects, -Xms332m -Xmx332m -Xmn8m",
    "25, G1, -m 100 -x 2048 -f 0.25, -Xms2148m -Xmx2148m -Xmn8m",
    "25, G1, -m 100 -x 10g, -Xms10904m -Xmx10904m -Xmn32m",
    "25, G1, -m 700k -x 300m, -Xms472m -Xmx472m -Xmn8m",
    "25, G1, -x 300, -Xms332m -Xmx332m -Xmn8m",
    "25, Z, -m 3 -x 300, -Xms464m -Xmx464m",
    "25, Z, -m 3 -x 3000, -Xms3600m -Xmx3600m",
    "11, Z, -x 600 -f 0.25, -Xms720m -Xmx720m",
    "21, Shenandoah, -m 40 -x 600, -Xms750m -Xmx750m",
    "25, Serial, --until 2g, -Xms2080m -Xmx2080m -Xmn1m",
    "25, Serial, -m 10 -x 100 --then rotate -e 1s, -Xms142m -Xmx142m -Xmn1m",
    "25, G1, -m 10 -x 1g -a native, -Xmx64m",
    "25, G1, -m 10 -x 50% -a native, -Xmx64m",
    "25, G1, -m 10 -x 512 -a direct, -Xmx64m -XX:MaxDirectMemorySize=521m",
    "25, G1, -m 1 -x 160 -a metaspace, -Xmx64m",
    "25, G1, -m 1 -x 160 -a stack, -Xmx64m",
    "25, G1, -m 64k -x 64g -a native, -Xmx1056m",
  })
  void thePlanDecidesOnHeapAndDirectMemory(
      int jdk, String collector, String options, String chosen) {
    RunSizes sizes = sizes(jdk, collector, options);
    assertThat(String.join(" ", sizes.options())).isEqualTo(chosen);
    assertThat(sizes.toHuman()).contains("heap of ", "for this plan: " + chosen, "-J-Xmx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x 50%", "-x 0", "--until 85%", "-a direct -x 50%", "-x 100t"})
  void anAmountThatFollowsFromTheHeapLeavesTheHeapToTheJvm(String options) {
    RunSizes sizes = sizes(25, "G1", options);
    assertThat(sizes.options()).isEmpty();
    assertThat(sizes.heap()).isEqualTo(DEFAULT_HEAP);
    assertThat(sizes.toHuman())
        .isEqualTo("heap of 256 MiB, as set by options or chosen by the JVM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx256m",
        "-mx256m",
        "-XX:MaxHeapSize=256m",
        "-XX:MaxRAMPercentage=50",
        "-XX:MaxRAM=1g",
        "-XX:NewRatio=1",
        "-Xmn100m"
      })
  void anOptionAboutTheHeapReplacesTheChoice(String option) {
    RunSizes sizes = sizes(25, "Serial", "-m 100 -x 2048", option);
    assertThat(sizes.options()).isEmpty();
    assertThat(sizes.toHuman())
        .startsWith("heap of 256 MiB, and the plan needs 2132 MiB: the plan will end EXHAUSTED")
        .endsWith("or give -J-Xmx2132m");
  }

  @Test
  void anOptionAboutDirectMemoryReplacesTheChoice() {
    assertThat(sizes(25, "G1", "-x 512 -a direct", "-XX:MaxDirectMemorySize=1g").options())
        .containsExactly("-Xmx64m");
  }

  @Test
  void aLargerFirstSizeOfTheHeapIsTheLeastSize() {
    assertThat(sizes(25, "Serial", "-x 100", "-Xms1g").options()).contains("-Xmx1024m");
  }

  @ParameterizedTest
  @CsvSource({
    "25, Serial, -m 100 -x 30000 -f 0.01, -Xms20000m -Xmx30032m -Xmn1m",
    "25, Serial, -x 2g --keep-free 95%, -Xms20000m -Xmx%dm -Xmn1m",
  })
  void aHeapBeyondTheAvailableMemoryStartsSmallerSinceTheKernelWouldRefuseIt(
      int jdk, String collector, String options, String chosen) {
    RunSizes sizes = sizes(jdk, collector, options);
    assertThat(String.join(" ", sizes.options())).isEqualTo(chosen.formatted(sizes.heap() / MIB));
  }

  @Test
  void aSourceOfOptionsThatCannotBeReadLeavesTheHeapToTheJvm() {
    Map<String, String> flags = Map.of("MaxHeapSize", "1000", "UseG1GC", "true");
    StartOptions unread = StartOptions.listed(List.of(), List.of("@missing"));
    assertThat(RunSizes.of(plan("-x 9"), new JvmErgonomics(25, flags), unread, -1).options())
        .isEmpty();
  }

  @Test
  void aJvmThatDoesNotAnswerIsLeftAlone() {
    StartOptions none = StartOptions.listed(List.of(), List.of());
    RunSizes sizes = RunSizes.of(plan("-x 9"), new JvmErgonomics(0, Map.of()), none, -1);
    assertThat(sizes.options()).isEmpty();
    assertThat(sizes.fields()).containsEntry("heapMax", null);
  }

  /** The plan keeps the distance from a fatal error, and the headroom, beside its blocks. */
  @ParameterizedTest
  @CsvSource({
    "25, Serial, -m 10 -x 1000, -XX:+ExitOnOutOfMemoryError, 1162",
    "17, G1, -m 100 -x 300, -XX:+ExitOnOutOfMemoryError, 632",
    "25, Serial, -m 10 -x 1000 --oom allow, -XX:+ExitOnOutOfMemoryError, 1032",
    "25, Serial, -m 10 -x 1000 --keep-free 10%, -Dnone, 1168",
    "25, Serial, -m 10 -x 1000 --keep-free 50m, -Dnone, 1102",
  })
  void theHeapHasRoomForTheSafetyLimits(
      int jdk, String collector, String options, String flag, long mib) {
    assertThat(sizes(jdk, collector, options, flag).heap() / MIB).isEqualTo(mib);
  }

  private static String objection(long limit, long used, boolean limited, String options) {
    Container here = new Container(limited, limit * MIB, -1, used * MIB, null);
    HoldPlan plan = plan(options);
    return new RunRoom(here, 50 * MIB).objection(plan, sizes(25, "G1", options));
  }

  @ParameterizedTest
  @CsvSource({
    "1024, -m 100 -x 2048 -f 0.25",
    "2400, -m 100 -x 2048",
    "300, -x 100 -a native",
    "512, -x 2g -a native --keep-free 10%",
    "512, --until 85% -a native",
    "512, -x 50%",
  })
  void aPlanThatFitsNeedsNoConsent(long limit, String options) {
    assertThat(objection(limit, 60, true, options)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "800, -m 100 -x 2048 -f 0.25",
    "2200, -m 100 -x 2048",
    "200, -x 100 -a native",
    "512, -x 0 -a native",
    "512, -x 90% -a native",
    "512, -x 600 -a direct",
    "512, --until 2g",
  })
  void aPlanThatDoesNotFitNeedsConsent(long limit, String options) {
    assertThat(objection(limit, 60, true, options))
        .startsWith("the plan takes up to ")
        .contains(" MiB (blocks ", ", JVM ", ", allocmem 24 MiB more; heap of ")
        .contains(
            "and the container has %d MiB free (capacity %d MiB, used 60 MiB, RSS of "
                .formatted(limit - 60, limit))
        .contains("allocmem 50 MiB): the kernel would end the JVM (OOM kill); raise the limit to ")
        .endsWith("give --keep-free 10% or a smaller amount, or confirm with --yes");
  }

  @Test
  void theObjectionNamesEachPart() {
    assertThat(objection(512, 60, true, "-m 100 -x 2048"))
        .startsWith(
            "the plan takes up to 2257 MiB (blocks 2100 MiB, JVM 132.8 MiB, allocmem 24 MiB more; heap of 2148 MiB), and the container has 452 MiB free")
        .contains("raise the limit to 2317m, give ");
  }

  @ParameterizedTest
  @CsvSource({"512, 300", "300, 300"})
  void aPlanThatTheKernelWouldThrottleNeedsConsentAndNothingIsSaidOfAKill(long limit, long high) {
    Container here = new Container(true, limit * MIB, high * MIB, 60 * MIB, null);
    HoldPlan plan = plan("-x 200 -a native");
    RunSizes sizes = sizes(25, "G1", "-x 200 -a native");
    assertThat(new RunRoom(here, 50 * MIB).objection(plan, sizes))
        .contains("the kernel throttles the container above 300 MiB (memory.high), 240 MiB from")
        .contains("raise memory.high to 373m, give --keep-free 10% or a smaller amount")
        .doesNotContain("OOM");
    HoldPlan small = plan("-x 100 -a native");
    assertThat(new RunRoom(here, 50 * MIB).objection(small, sizes(25, "G1", "-x 100 -a native")))
        .isNull();
  }

  @Test
  void theMemoryOfAMachineCountsAsWell() {
    assertThat(objection(4000, 3000, false, "-x 2g"))
        .contains("and the machine has 1000 MiB free", "(OOM kill); end other processes, for ");
  }

  @Test
  void anUnknownCapacityIsNoReasonToRefuse() {
    Container unknown = new Container(false, -1, -1, -1, "it does not answer");
    RunSizes sizes = sizes(25, "G1", "-x 2g");
    assertThat(new RunRoom(unknown, -1).objection(plan("-x 2g"), sizes)).isNull();
    assertThat(new RunRoom(unknown, -1).fields(sizes)).containsEntry("containerUsed", null);
  }
}
