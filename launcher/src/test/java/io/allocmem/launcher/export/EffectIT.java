package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.ThreadTimes;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Share of the collector in the CPU time of a process, by the agent, against independent readings
 * of the same time: the kernel's times of threads as {@code pidstat -t} sums them up, the events
 * {@code jdk.GCCPUTime} of the flight recorder, and the JVM's own sum from JDK 26 on. The JVM's sum
 * is 2 to 4 points lower for ZGC and Shenandoah, where the kernel's times agree with the agent's:
 * it is only printed there.
 */
class EffectIT {
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  /** All cells, by hand: three loads, and the window of each collector. */
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.all");

  private static final int INTERVAL_MILLIS = 4500;
  private static final int WINDOW_MILLIS = 10_000;

  /** Longest time between the two readings of a moment: a collection may fall between them. */
  private static final int SKEW_MILLIS = 8;

  /** Largest difference, in percentage points. */
  private static final double MOST = 2;

  /** The same for events, whose times are ticks of 10 ms in pauses that may be shorter. */
  private static final double TICKS = 6;

  /** First JDK with MemoryMXBean.getTotalGcCpuTime. */
  private static final int WITH_TOTAL = 26;

  /** First JDK with the event jdk.GCCPUTime. */
  private static final int WITH_EVENT = 20;

  private static final Set<Collector> COLLECTORS =
      Set.of(
          Collector.SERIAL,
          Collector.PARALLEL,
          Collector.G1,
          Collector.ZGC,
          Collector.GENERATIONAL_ZGC,
          Collector.SHENANDOAH);

  private static final Set<String> TABLE = new ConcurrentSkipListSet<>();

  @TempDir private Path directory;

  /** Loads: live set in percent of the heap, garbage in MiB a second. */
  enum Pressure {
    FEW_COLLECTIONS("5 20"),
    MUCH_GARBAGE("5 1500"),
    NEARLY_FULL("75 700");

    final String words;

    Pressure(String words) {
      this.words = words;
    }
  }

  /** Both readings at one moment. */
  private record Both(Status agent, ThreadTimes kernel, Instant time, long total) {}

  static Stream<Arguments> cells() {
    return Jdks.all().stream()
        .filter(jdk -> Set.of(17, 21, 25, WITH_TOTAL).contains(jdk.version()))
        .flatMap(jdk -> Collector.of(jdk).stream().map(it -> Arguments.of(jdk, it)))
        .filter(cell -> COLLECTORS.contains((Collector) cell.get()[1]))
        .flatMap(cell -> Stream.of(Pressure.values()).map(load -> with(cell, load)))
        .filter(
            cell -> ALL ? isInAll(cell.get()) : LONG ? isLong(cell.get()) : isShort(cell.get()));
  }

  /** Returns each collector once, one collector in the long form, none in the short form. */
  static Stream<Arguments> windows() {
    return Jdks.all().stream()
        .filter(jdk -> jdk.version() == 25)
        .flatMap(jdk -> Collector.of(jdk).stream().map(it -> Arguments.of(jdk, it)))
        .filter(cell -> COLLECTORS.contains((Collector) cell.get()[1]))
        .filter(cell -> ALL || LONG && cell.get()[1] == Collector.ZGC);
  }

  private static Arguments with(Arguments cell, Pressure load) {
    return Arguments.of(cell.get()[0], cell.get()[1], load);
  }

  /** All cells of the JDKs with long-term support; of the newer JDK, one load for the JVM's sum. */
  private static boolean isInAll(Object[] cell) {
    return ((Jdk) cell[0]).version() < WITH_TOTAL || cell[2] == Pressure.NEARLY_FULL;
  }

  /** Each collector of each JDK with the load that collects most. */
  private static boolean isLong(Object[] cell) {
    return cell[2] == Pressure.NEARLY_FULL;
  }

  /** Two cells: threads that collect beside the application, and in its pauses. */
  private static boolean isShort(Object[] cell) {
    return ((Jdk) cell[0]).version() == 25
        && (cell[1] == Collector.G1 || cell[1] == Collector.ZGC)
        && cell[2] == Pressure.NEARLY_FULL;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("cells")
  void gcShareIsThatOfTheKernel(Jdk jdk, Collector collector, Pressure load) throws Exception {
    measure(jdk, collector, load, INTERVAL_MILLIS);
  }

  /** The window is as long as the time of the other reading; a younger plan has a shorter one. */
  @ParameterizedTest(allowZeroInvocations = true)
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("windows")
  void theWindowOfTenSecondsIsThatOfTheKernel(Jdk jdk, Collector collector) throws Exception {
    measure(jdk, collector, Pressure.NEARLY_FULL, WINDOW_MILLIS);
  }

  private void measure(Jdk jdk, Collector collector, Pressure load, int millis) throws Exception {
    List<String> flags = new ArrayList<>(collector.flags());
    flags.add("-Xmx160m");
    boolean records = (ALL || LONG) && load != Pressure.FEW_COLLECTIONS && hasEvent(jdk, collector);
    if (records) {
      flags.add("-XX:StartFlightRecording=name=gc");
      flags.add("-XX:FlightRecorderOptions=repository=" + directory); // the JVM is killed
    }
    try (Target target = Target.start(jdk, flags.toArray(new String[0]))) {
      target.ask("pressure " + load.words);
      Thread.sleep(500);
      Plans.attach(target, "a=native,x=1");
      Plans.await(target, Phase.HOLDING);
      Both before = both(target, jdk);
      Thread.sleep(millis);
      Both after = both(target, jdk);
      String recorded = records ? "%.1f".formatted(recorded(jdk, target, before, after)) : "-";
      compare(jdk + " " + collector + " " + load, before, after, recorded);
    }
  }

  private static boolean hasEvent(Jdk jdk, Collector collector) {
    return jdk.version() >= WITH_EVENT
        && (collector == Collector.SERIAL || collector == Collector.PARALLEL);
  }

  private static void compare(String cell, Both before, Both after, String recorded) {
    double agent = share(gc(after) - gc(before), cpu(after) - cpu(before));
    double window = after.agent.get(Reading.GC_OF_PROCESS_10S) / 10.0;
    long all = after.kernel.all() - before.kernel.all();
    double kernel = share(after.kernel.collectors() - before.kernel.collectors(), all);
    String total = after.total < 0 ? "-" : "%.1f".formatted(share(after.total - before.total, all));
    TABLE.add(
        "%-40s %5d ms: agent %5.1f, last 10 s %5.1f, kernel %5.1f, events %5s, JVM's sum %5s; %+5.2f points"
            .formatted(
                cell,
                millis(before, after),
                agent,
                window,
                kernel,
                recorded,
                total,
                agent - kernel));
    assertThat(agent).as(cell + " by the sums").isBetween(kernel - MOST, kernel + MOST);
    if (millis(before, after) >= WINDOW_MILLIS) {
      assertThat(window).as(cell + " in the window").isBetween(kernel - MOST, kernel + MOST);
    }
    if (!total.equals("-") && !cell.contains("ZGC") && !cell.contains("Shenandoah")) {
      double sum = Double.parseDouble(total);
      assertThat(agent).as(cell + " by the JVM").isBetween(sum - MOST, sum + MOST);
    }
    if (!recorded.equals("-")) {
      double events = Double.parseDouble(recorded);
      assertThat(agent).as(cell + " by JFR").isBetween(events - TICKS, events + TICKS);
    }
  }

  private static long millis(Both before, Both after) {
    return after.agent.heartbeatMillis - before.agent.heartbeatMillis;
  }

  private static long gc(Both both) {
    return both.agent.get(Reading.GC_CPU_MILLIS);
  }

  private static long cpu(Both both) {
    return both.agent.get(Reading.CPU_MILLIS);
  }

  private static double share(double part, double whole) {
    return 100 * part / whole;
  }

  /** Reads the kernel's times right after a new status of the agent, else tries again. */
  private static Both both(Target target, Jdk jdk) throws Exception {
    Both last = read(target, jdk);
    Both both = last;
    while (both.agent.heartbeatMillis == last.agent.heartbeatMillis
        || both.time.toEpochMilli() - both.agent.heartbeatMillis > SKEW_MILLIS) {
      Thread.sleep(1);
      both = read(target, jdk);
    }
    return both;
  }

  private static Both read(Target target, Jdk jdk) throws IOException {
    Status status = Plans.status(target);
    ThreadTimes kernel = ThreadTimes.of(target.pid());
    Instant time = Instant.now();
    return new Both(status, kernel, time, total(target, jdk));
  }

  /** Returns the JVM's own sum in milliseconds; -1 before JDK 26. */
  private static long total(Target target, Jdk jdk) {
    return jdk.version() < WITH_TOTAL ? -1 : Long.parseLong(target.ask("gctime")) / 1_000_000;
  }

  /** Returns the share by the events of collections, which have the process's time in pauses. */
  private double recorded(Jdk jdk, Target target, Both before, Both after) throws IOException {
    Path file = directory.resolve(target.pid() + ".jfr");
    Tool.run(jdk, "jcmd", target.pid(), "JFR.dump", "name=gc", "filename=" + file);
    long nanos = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals("jdk.GCCPUTime")
          && event.getStartTime().isAfter(before.time)
          && event.getStartTime().isBefore(after.time)) {
        nanos +=
            event.getDuration("userTime").toNanos() + event.getDuration("systemTime").toNanos();
      }
    }
    return share(nanos / 1e6, after.kernel.all() - before.kernel.all());
  }

  @AfterAll
  static void print() {
    TABLE.forEach(System.out::println);
  }
}
