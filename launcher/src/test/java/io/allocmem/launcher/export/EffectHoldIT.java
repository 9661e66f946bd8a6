package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Pauses;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.ThreadTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Targets by effect: a plan finds the share of collections that was asked for, keeps the share, and
 * leaves the service as before. The kernel's times of threads are the judge, for pauses the JVM's
 * log. A load needs less than a processor, so two JVMs run at once.
 */
@Isolated
class EffectHoldIT {
  private static final boolean LONG = Boolean.getBoolean("allocmem.test.long");

  /**
   * All cells for five minutes, and a hundred short runs, by hand: two hours, with {@code
   * -Djunit.jupiter.execution.timeout.default=3h}.
   */
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.all");

  private static final int AT_ONCE = 2;
  private static final int SHORT_RUNS = 100;
  private static final int SHORT_AT_ONCE = 4;

  private static final double AIM = 25;
  private static final int SECONDS = ALL ? 300 : 20;
  private static final int SETTLED_SECONDS = ALL ? 60 : 90;
  private static final int BASE_SECONDS = ALL ? 20 : LONG ? 10 : 5;

  /**
   * Windows until the load is constant: two in sequence must differ by less than this many points.
   */
  private static final double CONSTANT = 1.5;

  private static final int START_WINDOWS = 16;
  private static final long SECOND_NANOS = 1_000_000_000;

  /** Largest difference of the mean, and of nine of ten seconds, in percentage points. */
  private static final double OF_MEAN = ALL ? 4 : 6;

  private static final double OF_SECONDS = 10;
  private static final double MOST_SECONDS = 0.9;

  /** Largest share above the share before, ten seconds after the release. */
  private static final double AFTER = ALL ? 1 : 4;

  /**
   * The same for Parallel, whose adaptive size policy keeps the small young generation that it
   * chose under pressure.
   */
  private static final double AFTER_PARALLEL = 8;

  @TempDir private static Path directory;

  /** A JVM to try. */
  private record Cell(Jdk jdk, Collector collector, String heap) {
    /**
     * Returns a load that costs the aim before 95 % of the heap are used: live set in percent of
     * the heap, garbage in MiB a second.
     */
    private String load() {
      boolean small = heap.equals("512m");
      return switch (collector) {
        case G1, ZGC -> small ? "pressure 25 600" : "pressure 25 1300";
        case PARALLEL -> small ? "pressure 15 250" : "pressure 15 400";
        default -> "pressure 15 250";
      };
    }

    @Override
    public String toString() {
      return "%s %s %s".formatted(jdk, collector, heap);
    }
  }

  private static Stream<Cell> cells() {
    return Jdks.all().stream()
        .filter(jdk -> Set.of(17, 21, 25).contains(jdk.version()))
        .flatMap(jdk -> Collector.of(jdk).stream().map(it -> new Cell(jdk, it, "512m")))
        .flatMap(cell -> Stream.of(cell, new Cell(cell.jdk, cell.collector, "2g")))
        .filter(
            cell ->
                Set.of(Collector.G1, Collector.PARALLEL, Collector.ZGC, Collector.SHENANDOAH)
                    .contains(cell.collector))
        .filter(cell -> ALL || isInShorterForm(cell));
  }

  /** The long form has two collectors, the short form one; with wider limits on a busy machine. */
  private static boolean isInShorterForm(Cell cell) {
    boolean small = cell.heap.equals("512m") && cell.jdk.version() == 25;
    boolean common = LONG && cell.collector == Collector.PARALLEL;
    return small && (common || cell.collector == Collector.SHENANDOAH);
  }

  @Test
  void findsTheShareKeepsItAndLeavesTheServiceAsBefore() throws Exception {
    List<Callable<Void>> tries = new ArrayList<>();
    cells().forEach(cell -> tries.add(() -> hold(cell)));
    assertThat(tries).isNotEmpty();
    run(tries, AT_ONCE);
  }

  /** The share of pauses, by the log of the collector. */
  @Test
  void keepsAShareOfPauses() throws Exception {
    Assumptions.assumeTrue(ALL);
    Cell cell =
        cells().filter(it -> it.collector == Collector.PARALLEL).reduce((a, b) -> b).orElseThrow();
    try (Target target = start(cell)) {
      Plans.attach(target, "until=pause:10%");
      Plans.await(target, Phase.HOLDING);
      Pauses before = pauses(target);
      long start = System.nanoTime();
      Thread.sleep(60_000);
      double millis = (System.nanoTime() - start) / 1e6;
      double share = 100 * pauses(target).since(before).sum() / millis;
      print("%-32s pause:10%%: mean %4.1f in 60 s, by the log".formatted(cell, share));
      assertThat(share).isBetween(10 - OF_MEAN, 10 + OF_MEAN);
      assertThat(target.ask("errors")).isEqualTo("0");
    }
  }

  private static Pauses pauses(Target target) throws IOException {
    return Pauses.of(directory.resolve(target.pid() + ".log"));
  }

  /** The service meets no error, whatever the collector, while the plan finds its target. */
  @Test
  void shortRunsBringNoErrorIntoTheService() throws Exception {
    List<Cell> cells = cells().filter(cell -> cell.heap.equals("512m")).toList();
    List<Callable<Void>> tries = new ArrayList<>();
    for (int run = 0; ALL && run < SHORT_RUNS; run++) {
      Cell cell = cells.get(run % cells.size());
      tries.add(() -> runShortly(cell));
    }
    run(tries, SHORT_AT_ONCE);
  }

  private static void run(List<Callable<Void>> tries, int atOnce) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    try {
      for (Future<Void> done : pool.invokeAll(tries)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Target start(Cell cell) throws Exception {
    List<String> flags = new ArrayList<>(cell.collector.flags());
    flags.addAll(List.of("-Xms" + cell.heap, "-Xmx" + cell.heap, "-XX:+AlwaysPreTouch"));
    flags.add("-Xlog:gc:file=" + directory.resolve("%p.log"));
    Target target = Target.start(cell.jdk, flags.toArray(new String[0]));
    target.ask(cell.load());
    Thread.sleep(4000);
    return target;
  }

  /** Waits until the live set is there, each page of the heap touched, and the code compiled. */
  private static void awaitConstantLoad(Target target) throws Exception {
    double before = shares(target, 5).mean();
    for (int window = 1; window < START_WINDOWS; window++) {
      double now = shares(target, 5).mean();
      if (Math.abs(now - before) < CONSTANT) {
        return;
      }
      before = now;
    }
  }

  private static Void hold(Cell cell) throws Exception {
    try (Target target = start(cell)) {
      awaitConstantLoad(target);
      double before = shares(target, BASE_SECONDS).mean();
      long start = System.nanoTime();
      Plans.attach(target, "until=gc:25%");
      Plans.await(target, Phase.HOLDING);
      double settled = (System.nanoTime() - start) / (double) SECOND_NANOS;
      Pauses first = pauses(target);
      Shares held = shares(target, SECONDS);
      Pauses pauses = pauses(target).since(first);
      long errors = Long.parseLong(target.ask("errors"));
      long within = Plans.status(target).get(Reading.ON_TARGET_MILLIS);
      Plans.release(target);
      Thread.sleep(10_000);
      double after = shares(target, BASE_SECONDS).mean();
      print(
          "%-32s before %4.1f, settled after %4.1f s; %d s: mean %4.1f, %3.0f %% of seconds within %.0f, %d ms within 2 by the agent; %s; after %4.1f; %d errors"
              .formatted(
                  cell,
                  before,
                  settled,
                  SECONDS,
                  held.mean(),
                  100 * held.near(),
                  OF_SECONDS,
                  within,
                  pauses,
                  after,
                  errors));
      assertThat(errors).as(cell + ": errors").isZero();
      assertThat(settled).as(cell + ": settled").isLessThan(SETTLED_SECONDS);
      assertThat(held.mean()).as(cell + ": mean").isBetween(AIM - OF_MEAN, AIM + OF_MEAN);
      assertThat(after).as(cell + ": after").isLessThan(before + mostAfter(cell));
      if (ALL) {
        assertThat(held.near()).as(cell + ": seconds").isGreaterThanOrEqualTo(MOST_SECONDS);
      }
    }
    return null;
  }

  private static double mostAfter(Cell cell) {
    return cell.collector == Collector.PARALLEL ? AFTER_PARALLEL : AFTER;
  }

  private static Void runShortly(Cell cell) throws Exception {
    try (Target target = start(cell)) {
      Plans.attach(target, "until=gc:25%");
      Thread.sleep(20_000);
      print("%-32s short run: %s".formatted(cell, Plans.status(target).phase));
      Plans.release(target);
      assertThat(target.ask("errors")).as(cell.toString()).isEqualTo("0");
    }
    return null;
  }

  /** Shares of single seconds, and of all together, in percent. */
  private record Shares(double mean, List<Double> seconds) {
    private double near() {
      long near = seconds.stream().filter(one -> Math.abs(one - AIM) <= OF_SECONDS).count();
      return (double) near / seconds.size();
    }
  }

  private static Shares shares(Target target, int seconds) throws Exception {
    List<Double> shares = new ArrayList<>();
    ThreadTimes first = times(target);
    ThreadTimes before = first;
    long start = System.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      long left = start + second * SECOND_NANOS - System.nanoTime();
      Thread.sleep(Math.max(0, left / 1_000_000));
      ThreadTimes now = times(target);
      shares.add(share(before, now));
      before = now;
    }
    return new Shares(share(first, before), shares);
  }

  private static ThreadTimes times(Target target) throws IOException {
    return ThreadTimes.of(target.pid());
  }

  private static double share(ThreadTimes before, ThreadTimes now) {
    long all = Math.max(1, now.all() - before.all());
    return 100.0 * (now.collectors() - before.collectors()) / all;
  }

  /** Tells each figure at once: the form by hand takes long. */
  private static void print(String figures) {
    System.out.println(figures);
  }
}
