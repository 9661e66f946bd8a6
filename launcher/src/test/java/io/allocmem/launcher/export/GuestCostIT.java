package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OtherAgent;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cost of a small plan for its JVM, beyond an agent without any effect: classes, garbage and
 * resident set. The limits stand a little above the measured figures, on each JDK.
 */
class GuestCostIT {
  private static final List<String> AREAS = List.of("native", "heap");

  /**
   * The rest: 115 classes of the agent; file channels for the lock of the control file (40 to 60);
   * file attributes (40); management beans (20 to 30); the listener of the flight recorder.
   */
  private static final int MOST_CLASSES = 400;

  private static final int ROUNDS = 3;

  /** Time after which the compiler's threads rest: their memory is a part of the cost. */
  private static final long REST_NANOS = 1_500_000_000;

  private static final long BLOCK = 1 << 20;

  /** Area of no plan: {@link #attach} loads an agent without any effect. */
  private static final String NONE = "";

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void aPlanAtStartUpLoadsFewClasses(Jdk jdk) throws IOException {
    int empty = classesAtStartUp(jdk, NONE);
    for (String area : AREAS) {
      int classes = classesAtStartUp(jdk, area) - empty;
      System.out.printf("%s %s: %d classes beyond an empty agent%n", jdk, area, classes);
      assertThat(classes).as(area).isLessThan(MOST_CLASSES);
    }
  }

  private static int classesAtStartUp(Jdk jdk, String area) throws IOException {
    if (!area.equals(NONE)) {
      try (Target target = Target.startWithAgent(jdk, "m=1,x=1,f=0,a=" + area)) {
        Plans.await(target, Phase.HOLDING);
        return loadedClasses(jdk, target);
      }
    }
    Path jar = OtherAgent.jar("EmptyAgent");
    try (Target target = Target.start(jdk, "-javaagent:" + jar)) {
      return loadedClasses(jdk, target);
    } finally {
      Files.delete(jar);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void anAttachLoadsFewClassesAndMakesLittleGarbage(Jdk jdk) throws IOException {
    Cost empty = costOfAttach(jdk, NONE);
    for (String area : AREAS) {
      Cost cost = costOfAttach(jdk, area).beyond(empty);
      System.out.printf(
          "%s %s: %d classes and %d KiB of heap beyond an attach of an empty agent%n",
          jdk, area, cost.classes, cost.bytes >> 10);
      assertThat(cost.classes).as(area).isLessThan(mostClassesOfAttach(jdk));
      assertThat(cost.bytes).as(area).isLessThan(mostGarbage(jdk));
    }
  }

  /**
   * Returns the limit. An attach adds the JDK's classes of lambdas, for the export of a package to
   * the agent; at start-up the JVM itself has loaded most of these classes.
   */
  private static int mostClassesOfAttach(Jdk jdk) {
    switch (jdk.version()) {
      case 8:
        return MOST_CLASSES;
      case 11:
      case 17:
        return 490;
      default:
        return 380;
    }
  }

  /** Returns the limit: half of the garbage are the bytes of classes on their way to the JVM. */
  private static long mostGarbage(Jdk jdk) {
    return (jdk.version() < 17 ? 3600L : 2500L) << 10;
  }

  /** Returns heap used and classes. Without thread-local buffers, each byte is counted. */
  private static Cost costOfAttach(Jdk jdk, String area) throws IOException {
    try (Target target = Target.start(jdk, "-XX:+UseSerialGC", "-XX:-UseTLAB", "-Xms256m")) {
      target.ask("occupied");
      long before = Long.parseLong(target.ask("occupied"));
      attach(target, area);
      long bytes = Long.parseLong(target.ask("occupied")) - before;
      return new Cost(loadedClasses(jdk, target), bytes - (area.equals("heap") ? BLOCK : 0));
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theResidentSetGrowsLittle(Jdk jdk) throws IOException {
    long empty = rss(jdk, NONE);
    for (String area : AREAS) {
      long rss = rss(jdk, area) - empty;
      System.out.printf("%s %s: %d KiB of RSS beyond an empty agent%n", jdk, area, rss >> 10);
      assertThat(rss).as(area).isLessThan(mostRss(jdk));
    }
  }

  /** Returns the limit: metaspace, garbage of the attach, and two threads. */
  private static long mostRss(Jdk jdk) {
    return (jdk.version() < 17 ? 10L : 8L) << 20;
  }

  /** Returns the median of several targets. */
  private static long rss(Jdk jdk, String area) throws IOException {
    List<Long> found = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (Target target = Target.start(jdk, "-Xmx256m")) {
        attach(target, area);
        LockSupport.parkNanos(REST_NANOS);
        found.add(target.rss());
      }
    }
    Collections.sort(found);
    return found.get(ROUNDS / 2);
  }

  private static void attach(Target target, String area) throws IOException {
    if (area.equals(NONE)) {
      OtherAgent.attach(target, "");
    } else {
      String[] plan = {"attach", target.pid() + "", "-m", "1", "-x", "1", "-f", "0", "-a", area};
      assertThat(Cli.run((Object[]) plan).code()).isZero();
      Plans.await(target, Phase.HOLDING);
    }
  }

  /** Reads the JVM's performance data, without work for the JVM. */
  private static int loadedClasses(Jdk jdk, Target target) throws IOException {
    List<String> lines = Tool.run(jdk, "jstat", "-class", target.pid()).lines().toList();
    return Integer.parseInt(lines.get(1).strip().split("\\s+")[0]);
  }

  private record Cost(int classes, long bytes) {
    Cost beyond(Cost empty) {
      return new Cost(classes - empty.classes, bytes - empty.bytes);
    }
  }
}
