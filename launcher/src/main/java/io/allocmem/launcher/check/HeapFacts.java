package io.allocmem.launcher.check;

import io.allocmem.control.Reading;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.options.StartOptions;
import io.allocmem.readings.HeapRegions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Heap of a JVM, read from outside; {@link Reading#UNKNOWN} for an unknown value. Never asks the
 * JVM.
 *
 * @param collector name; {@code -} if unknown
 * @param max maximum heap size, equal to {@code Runtime.maxMemory} inside the JVM
 * @param committed present heap size
 * @param used usage including garbage, as last written by the JVM: most collectors write only at a
 *     collection
 * @param fixed true if the heap starts at its maximum size and therefore never shrinks
 * @param regionSize region size of G1, else 0
 */
record HeapFacts(
    String collector, long max, long committed, long used, boolean fixed, long regionSize) {

  private static final Map<String, String> POLICIES =
      Map.of(
          "Copy:MSC",
          "Serial",
          "ParScav:MSC",
          "Parallel",
          "ParNew:CMS",
          "CMS",
          "GarbageFirst",
          "G1");

  private static final Map<String, String> FLAGS =
      Map.of(
          "UseSerialGC",
          "Serial",
          "UseParallelGC",
          "Parallel",
          "UseConcMarkSweepGC",
          "CMS",
          "UseG1GC",
          "G1",
          "UseZGC",
          "ZGC",
          "UseShenandoahGC",
          "Shenandoah",
          "UseEpsilonGC",
          "Epsilon");

  private static final Set<String> GENERATIONAL = Set.of("Serial", "Parallel", "CMS");

  private static final String GENERATION = "sun.gc.generation.";
  private static final long MIB = 1L << 20;

  /** Target number of regions in G1 (heapRegion.cpp). */
  private static final long REGIONS = 2048;

  /** Least size of a space of Serial (genArguments.cpp). */
  private static final long LEAST_SURVIVOR = 64L << 10;

  /** Mask for whole pages: in some versions the data have a few extra bytes for alignment. */
  private static final long WHOLE_PAGES = -4096;

  /**
   * @param jdk feature version; 0 if unknown
   */
  static HeapFacts of(Optional<PerfData> data, StartOptions options, int jdk) {
    String collector = collector(data, options);
    long least = options.size("-Xms", "-XX:InitialHeapSize=");
    long most = options.size("-Xmx", "-XX:MaxHeapSize=");
    boolean fixed = least > 0 && least == most;
    boolean measured = data.map(perf -> number(perf, "1.maxCapacity")).orElse(0L) > 0;
    if (measured) {
      return measured(data.get(), collector, fixed, options, jdk);
    }
    long region = collector.equals("G1") ? region(options, jdk, most, least) : 0;
    return new HeapFacts(collector, most, Reading.UNKNOWN, Reading.UNKNOWN, fixed, region);
  }

  private static HeapFacts measured(
      PerfData perf, String collector, boolean fixed, StartOptions options, int jdk) {
    long all = number(perf, "1.maxCapacity");
    long committed = number(perf, "0.capacity") + number(perf, "1.capacity");
    if (GENERATIONAL.contains(collector)) {
      // These generations lie side by side; with regions, either generation can grow to the whole
      // heap. java.lang.management omits one survivor space: this space is always empty.
      long max = number(perf, "0.maxCapacity") + all - omitted(perf, collector, jdk);
      committed -= number(perf, "0.space.1.capacity");
      // Parallel's maximum changes with the survivor spaces, but is never below the committed size
      return new HeapFacts(collector, Math.max(max, committed), committed, used(perf), fixed, 0);
    }
    long initial = number(perf, "0.space.0.initCapacity") + number(perf, "1.space.0.initCapacity");
    long region = collector.equals("G1") ? region(options, jdk, all, initial) : 0;
    return new HeapFacts(collector, all, committed, used(perf), fixed, region);
  }

  /**
   * Returns the part that the maximum of a generational heap omits: a survivor space of the largest
   * size. Serial from JDK 26 on omits a survivor space of the least size.
   */
  private static long omitted(PerfData perf, String collector, int jdk) {
    boolean least = jdk >= 26 && collector.equals("Serial");
    return least ? LEAST_SURVIVOR : number(perf, "0.space.1.maxCapacity");
  }

  private static long number(PerfData perf, String name) {
    return perf.number(GENERATION + name) & WHOLE_PAGES;
  }

  private static long used(PerfData perf) {
    long used = perf.number(GENERATION + "1.space.0.used");
    for (int space = 0; space < 3; space++) {
      used += perf.number(GENERATION + "0.space." + space + ".used");
    }
    return used == 0 ? Reading.UNKNOWN : used; // not written yet
  }

  /**
   * Returns the name of the collector. Some collectors write no name, but the JVM never chooses
   * such a collector without a flag.
   */
  private static String collector(Optional<PerfData> data, StartOptions options) {
    String policy = data.map(perf -> perf.text("sun.gc.policy.name")).orElse("");
    String name = data.map(perf -> perf.text("sun.gc.collector.0.name")).orElse("");
    if (POLICIES.containsKey(policy)) {
      return POLICIES.get(policy);
    }
    if (name.startsWith("Shenandoah")) {
      return "Shenandoah";
    }
    return FLAGS.entrySet().stream()
        .filter(flag -> options.isOn(flag.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("-");
  }

  /**
   * Computes the region size by G1's own rule. Up to JDK 14: mean of initial and maximum heap,
   * rounded down to a power of two. Since JDK 15 (JDK-8241670): maximum alone, rounded up. Unknown
   * if an input is missing.
   */
  static long region(StartOptions options, int jdk, long max, long initial) {
    long given = options.size("-XX:G1HeapRegionSize=");
    boolean meanOfBoth = jdk < 15;
    boolean known = jdk > 0 && (given > 0 || max > 0 && (initial > 0 || !meanOfBoth));
    if (!known) {
      return Reading.UNKNOWN;
    }
    long most = (given > 0 && jdk >= 18 ? 512 : 32) * MIB;
    long size = given > 0 ? given : (meanOfBoth ? (initial + max) / 2 : max) / REGIONS;
    long down = Long.highestOneBit(size);
    long power = meanOfBoth || down == size ? down : down << 1;
    return Math.max(MIB, Math.min(most, power));
  }

  /**
   * Returns the heap bytes taken by an array of that size, header included; possibly whole regions.
   */
  long takenBy(long bytes) {
    return HeapRegions.takenBy(bytes, regionSize);
  }
}
