package io.allocmem.launcher.check;

import io.allocmem.control.Reading;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.JdkVersion;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.HoldPlan;
import java.util.List;
import java.util.Optional;

/**
 * Heap needed by an attach for the classes of the agent, and free heap of a JVM. If the free heap
 * is too small, the JVM throws an OutOfMemoryError. Some JVMs do not survive this error. Reads
 * files only, never the JVM.
 *
 * @param free free bytes for objects by the JVM's own figures, as of the last collection. If the
 *     JVM counts later garbage, this garbage counts as used. {@link Reading#UNKNOWN} if the JVM has
 *     written no figures
 * @param needed bytes; 0 if unknown
 * @param collector name of the collector
 */
public record HeapRoom(long free, long needed, String collector) {
  private static final String GENERATION = "sun.gc.generation.";
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;

  /**
   * Serial and CMS. All values were measured in the same way. The test filled a heap of 64 MiB with
   * live arrays to the KiB, then attached a heap plan. With up to 802 KiB free, JVMs ended by an
   * OutOfMemoryError; with 900 KiB, none did (JDK 8.0_504, 11, 17.0.15, 21.0.13, 25.0.3, Linux
   * x86-64).
   */
  private static final long SERIAL = 1280 * KIB;

  /**
   * Parallel gives up if collections free little. JVMs ended with up to 1192 KiB free, none with
   * 1396.
   */
  private static final long PARALLEL = 1792 * KIB;

  /**
   * ZGC since JDK 15: two pages of 2 MiB. Without a free page, JDK 17 and 21 ended; with one free
   * page, no JVM ended.
   */
  private static final long ZGC = 4 * MIB;

  /**
   * ZGC before JDK 15 reserves one page of 32 MiB, and one page of 2 MiB for each collector thread.
   */
  private static final long ZGC_RESERVE = 32 * MIB;

  /**
   * Shenandoah: no JVM ended with 4 to 8 MiB free (JDK 11 to 25). With less, the application itself
   * met the error; on JDK 8, already with less than 12 MiB.
   */
  private static final long SHENANDOAH = 8 * MIB;

  static HeapRoom of(Optional<PerfData> data, HeapFacts heap, int jdk) {
    long needed = needed(heap, jdk);
    boolean measured = data.isPresent() && heap.used() != Reading.UNKNOWN && needed > 0;
    long free = measured ? free(data.get(), heap, jdk) : Reading.UNKNOWN;
    return new HeapRoom(free, needed, heap.collector());
  }

  /**
   * Returns normally if an attach cannot end the JVM by an OutOfMemoryError, or if the plan may
   * risk this error.
   *
   * @throws Failure with the figures and the remedy
   */
  public static void require(long pid, HoldPlan plan) {
    Optional<PerfData> data = PerfData.of(pid);
    require(pid, plan, data, ForeignOptions.atStart(data, new LinuxProcess(pid)));
  }

  /**
   * As {@link #require(long, HoldPlan)}.
   *
   * @param data performance data of the JVM
   * @param options options of the JVM
   */
  public static void require(
      long pid, HoldPlan plan, Optional<PerfData> data, StartOptions options) {
    if (fatal(options) == null) {
      return;
    }
    int jdk = JdkVersion.feature(new LinuxProcess(pid));
    String refusal = of(data, HeapFacts.of(data, options, jdk), jdk).refusal(pid, options, plan);
    if (refusal != null) {
      throw new Failure(refusal);
    }
  }

  /**
   * Returns the reason why an attach is too dangerous; null if safe, or if the figures are unknown.
   */
  String refusal(long pid, StartOptions options, HoldPlan plan) {
    String fatal = fatal(options);
    boolean allowed = plan != null && plan.allowsOutOfMemory();
    if (fatal == null || allowed || free == Reading.UNKNOWN || free >= needed) {
      return null;
    }
    return "JVM %d reports %s of free heap, an attach needs %s (%s), and with %s an OutOfMemoryError ends the JVM or writes a heap dump; free heap and try again after a collection, start the JVM with -javaagent:allocmem-agent.jar=… or without that option, or accept the risk with --oom allow"
        .formatted(pid, Sizes.of(Math.max(0, free)), Sizes.of(needed), collector, fatal);
  }

  /**
   * Returns a warning for a JVM without performance data; null if no flag makes the error fatal.
   */
  static String warning(HeapRoom room, StartOptions options) {
    String fatal = fatal(options);
    return fatal == null
        ? null
        : "the free heap cannot be read from outside the JVM: an attach needs %s, and with %s an OutOfMemoryError ends the JVM or writes a heap dump"
            .formatted(room.needed > 0 ? Sizes.of(room.needed) : "1 to 8 MiB", fatal);
  }

  private static String fatal(StartOptions options) {
    List<String> fatal = options.fatal();
    if (!fatal.isEmpty()) {
      return fatal.get(0);
    }
    return options.unread().isEmpty() ? null : "options that cannot be read";
  }

  /** Returns 0 for an unknown collector. */
  private static long needed(HeapFacts heap, int jdk) {
    return switch (heap.collector()) {
      case "Serial", "CMS" -> SERIAL;
      case "Parallel" -> PARALLEL;
      case "G1" -> regions(jdk) * Math.max(MIB, heap.regionSize());
      case "ZGC" -> jdk >= 15 ? ZGC : ZGC + reserve();
      case "Shenandoah" -> SHENANDOAH;
      default -> 0;
    };
  }

  /**
   * Returns the regions that G1 needs. G1 allocates in whole regions and copies survivors into
   * further regions. JVMs ended with 1.5 regions free (JDK 17: 2.5), none with half a region more.
   * One extra region covers chance in the layout.
   */
  private static int regions(int jdk) {
    return jdk >= 17 && jdk < 21 ? 4 : 3;
  }

  /** By default ZGC has fewer threads than processors: 34 MiB with two processors. */
  private static long reserve() {
    return ZGC_RESERVE + 2 * MIB * Runtime.getRuntime().availableProcessors();
  }

  private static long free(PerfData perf, HeapFacts heap, int jdk) {
    long old = number(perf, "1.maxCapacity") - number(perf, "1.space.0.used");
    long eden = number(perf, "0.space.0.capacity") - number(perf, "0.space.0.used");
    long from = number(perf, "0.space.1.capacity") - number(perf, "0.space.1.used");
    long to = number(perf, "0.space.2.used");
    long growth = number(perf, "0.maxCapacity") - number(perf, "0.capacity");
    return switch (heap.collector()) {
      // up to JDK 21, objects also go into the survivor space once the rest is full
      case "Serial", "CMS" -> old + eden + growth + (jdk < 22 ? from - to : 0);
      case "Parallel" -> old + eden + growth;
      default -> heap.max() - heap.used();
    };
  }

  private static long number(PerfData perf, String name) {
    return perf.number(GENERATION + name);
  }
}
