package io.allocmem.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.JvmErgonomics;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.MachineMemory;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.HoldPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plan holds all of its blocks in a JVM of the chosen size, and the resident set stays below the
 * stated peak. Real JVMs of several JDKs, with each collector.
 */
class RunSizesIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");

  /** Blocks larger and smaller than a region, with waste, sparse, and a heap with headroom. */
  private static final List<String> ON_HEAP = List.of("m=40,x=240,f=0.25");

  private static final List<String> MORE_ON_HEAP =
      List.of(
          "x=200",
          "m=5,x=60,a=objects",
          "m=3,x=300",
          "m=700k,x=100m",
          "m=64k,x=64m,f=0.5",
          "m=10,x=100,keep-free=10%",
          "m=10,until=200m",
          "x=600,f=0.25");

  private static final List<String> BESIDE =
      List.of(
          "m=10,x=100,a=native,f=0.5",
          "m=10,x=100,a=direct",
          "m=10,x=50,a=direct,keep-free=10%",
          "m=10,x=50,a=mapped",
          "m=10,x=50,a=metaspace",
          "m=1,x=50,a=stack");

  private static final List<String> AGAIN =
      List.of("m=10,x=100,then=rotate,e=5ms", "m=40,x=120,then=cycle,hold=50ms");

  private static final Set<Phase> GOES_ON = Set.of(Phase.ALLOCATING, Phase.HOLDING, Phase.ROTATING);

  /** Collectors of the oldest JDK (true) and of other JDKs. */
  private static final Set<String> CHOSEN = Set.of("true Serial", "false G1", "false ZGC");

  static Stream<Arguments> onHeap(TestInfo test) {
    List<String> plans = new ArrayList<>(ON_HEAP);
    plans.addAll(ALL ? MORE_ON_HEAP : List.of());
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .flatMap(one -> plans.stream().map(plan -> Arguments.of(jdk, one, plan))));
  }

  /** Serial on the oldest JDK, G1 and ZGC on the other JDKs. */
  static Stream<Arguments> onHeapAgain(TestInfo test) {
    return Jdks.some(test)
        .flatMap(jdk -> Collector.of(jdk).stream().map(one -> Arguments.of(jdk, one)))
        .map(Arguments::get)
        .filter(one -> CHOSEN.contains(one[0].equals(Jdks.all().get(0)) + " " + one[1]))
        .flatMap(one -> AGAIN.stream().map(plan -> Arguments.of(one[0], one[1], plan)));
  }

  static Stream<Arguments> besideTheHeap(TestInfo test) {
    List<Jdk> newest = List.of(Jdks.all().get(Jdks.all().size() - 1));
    return (ALL ? Jdks.some(test) : newest.stream())
        .flatMap(jdk -> BESIDE.stream().map(plan -> Arguments.of(jdk, plan)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("onHeap")
  void theHeapHoldsThePlanWithEachCollector(Jdk jdk, Collector collector, String plan)
      throws InvalidArguments {
    assertHolds(jdk, collector.flags(), plan);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("besideTheHeap")
  void aSmallHeapIsEnoughForThePlan(Jdk jdk, String plan) throws InvalidArguments {
    assertHolds(jdk, List.of(), plan);
  }

  /** Garbage of released blocks must not fill the heap. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("onHeapAgain")
  void aPlanThatTakesBlocksAgainIsNeverRefused(Jdk jdk, Collector collector, String arguments)
      throws InvalidArguments {
    RunSizes sizes = sizes(jdk, collector.flags(), AgentArguments.parse(arguments));
    try (Target target = start(jdk, collector.flags(), arguments, sizes)) {
      Patience.holds(
          Duration.ofSeconds(3), () -> assertThat(Plans.status(target).phase).isIn(GOES_ON));
    }
  }

  private static void assertHolds(Jdk jdk, List<String> flags, String arguments)
      throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse(arguments);
    RunSizes sizes = sizes(jdk, flags, plan);
    assertThat(sizes.options()).isNotEmpty();
    try (Target target = start(jdk, flags, arguments, sizes)) {
      Status held = Plans.await(target, Phase.HOLDING);
      if (plan.until() == null) {
        assertThat(held.get(Reading.BLOCKS)).isEqualTo(plan.limit().blocksOf(plan.blockSize()));
      }
      assertThat(held.get(Reading.HEAP_MAX)).isLessThanOrEqualTo(sizes.heap());
      if (isCountedTwice(jdk, flags)) {
        return;
      }
      long peak = new LinuxProcess(target.pid()).size("VmHWM").orElseThrow();
      assertThat(peak).as("%s", sizes.options()).isLessThanOrEqualTo(sizes.peak(peak));
    }
  }

  /** Before JDK 15 the resident set has a page of ZGC once for each mapping. */
  private static boolean isCountedTwice(Jdk jdk, List<String> flags) {
    return jdk.version() < 15 && flags.equals(Collector.ZGC.flags());
  }

  private static RunSizes sizes(Jdk jdk, List<String> flags, HoldPlan plan) {
    JvmErgonomics jvm = JvmErgonomics.of(Path.of(jdk.java()), flags);
    return RunSizes.of(plan, jvm, StartOptions.listed(flags, List.of()), MachineMemory.available());
  }

  private static Target start(Jdk jdk, List<String> flags, String arguments, RunSizes sizes) {
    List<String> options = new ArrayList<>(sizes.options());
    options.addAll(flags);
    return Target.startWithAgent(jdk, arguments, options.toArray(new String[0]));
  }
}
