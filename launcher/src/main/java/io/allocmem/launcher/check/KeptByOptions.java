package io.allocmem.launcher.check;

import io.allocmem.launcher.control.Kept;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.JdkVersion;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.AreaKind;
import java.util.Optional;

/**
 * Memory that a JVM keeps after a release, read from outside: from performance data and options.
 *
 * @param collector name; {@code -} if unknown
 * @param fixed true if the heap starts at its maximum size
 * @param jdk feature version; 0 if unknown
 */
public record KeptByOptions(String collector, boolean fixed, int jdk, StartOptions options)
    implements Kept {

  /** First JDK whose ZGC returns free heap to the system (JEP 351). */
  private static final int ZGC_RETURNS = 13;

  /** Reads the options of that JVM. */
  public static Kept of(long pid) {
    Optional<PerfData> data = PerfData.of(pid);
    LinuxProcess process = new LinuxProcess(pid);
    StartOptions options = ForeignOptions.atStart(data, process);
    int jdk = JdkVersion.feature(process);
    HeapFacts heap = HeapFacts.of(data, options, jdk);
    return new KeptByOptions(heap.collector(), heap.fixed(), jdk, options);
  }

  @Override
  public String blocksOf(AreaKind area) {
    if (area.isOnHeap() && collector.equals("Epsilon")) {
      return "memory does not come back: Epsilon never collects, so the heap keeps the blocks until the JVM ends";
    }
    boolean unloads =
        !options.isOff("ClassUnloading") && !options.options().contains("-Xnoclassgc");
    return area == AreaKind.METASPACE && !unloads
        ? "memory does not come back: this JVM unloads no classes (-Xnoclassgc, -XX:-ClassUnloading), so metaspace keeps the blocks until the JVM ends"
        : null;
  }

  @Override
  public String freeHeap() {
    if (fixed) {
      return "the heap never shrinks (-Xms = -Xmx), the application can use the free heap";
    }
    if (options.isOn("AlwaysPreTouch")) {
      return "the JVM touches all of its heap (-XX:+AlwaysPreTouch), whether used or not";
    }
    return switch (collector) {
      case "ZGC" -> zgc();
      case "Shenandoah" ->
          options.isOff("ShenandoahUncommit")
              ? "Shenandoah keeps free heap (-XX:-ShenandoahUncommit)"
              : "Shenandoah returns free heap later (-XX:ShenandoahUncommitDelay, 300 s by default)";
      default ->
          "the JVM keeps free heap for later objects (-Xms, -XX:MinHeapFreeRatio, -XX:MaxHeapFreeRatio)";
    };
  }

  private String zgc() {
    return options.isOff("ZUncommit") || jdk > 0 && jdk < ZGC_RETURNS
        ? "ZGC keeps free heap (before JDK 13, or with -XX:-ZUncommit)"
        : "ZGC returns free heap later (-XX:ZUncommitDelay, 300 s by default)";
  }
}
