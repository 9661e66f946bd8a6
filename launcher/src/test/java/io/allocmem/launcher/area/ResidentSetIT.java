package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.plan.AreaKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Blocks of each area are in RAM when the plan says so. The kernel counts the resident set, and the
 * meter of the area counts the blocks. In each build on the oldest and the newest JDK; on all with
 * {@code -Pmatrix}, which writes the table of the page on areas.
 */
class ResidentSetIT {
  private static final long MIB = 1L << 20;
  private static final long BLOCK = 4 * MIB;

  /** Whole segments of native memory: nine blocks each. */
  private static final long AMOUNT = 4 * 9 * BLOCK;

  /** Largest difference from the touched bytes, for a meter and for RSS. */
  private static final double TOLERANCE = 0.05;

  /** The first objects of a plan reuse the pages of the young generation. */
  private static final String SMALL_YOUNG_GENERATION = "-Xmn4m";

  /** JDK 8 would leave copies of class files in the old generation if they had less room. */
  private static final String ROOM_FOR_CLASS_FILES = "-Xmn8m";

  private static final ResidentSetTable TABLE = new ResidentSetTable();

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#ofTable")
  void residentSetAndMeterGrowByTheBlocksOfEachArea(Jdk jdk) throws IOException {
    EnumSet<AreaKind> classes = EnumSet.of(AreaKind.METASPACE);
    measure(jdk, EnumSet.complementOf(classes), SMALL_YOUNG_GENERATION);
    measure(jdk, classes, ROOM_FOR_CLASS_FILES);
  }

  private static void measure(Jdk jdk, Set<AreaKind> areas, String young) throws IOException {
    try (Target target = withAPlanOfEach(areas, jdk, young)) {
      Plans.fill(target, "first"); // the JVM's own memory for the first block of a plan
      for (AreaKind area : areas) {
        Meter meter = Meter.of(area);
        long inMeterBefore = meter.bytes(target);
        long before = residentSet(target);
        Status held = Plans.fill(target, area.toString());
        long touched = held.get(Reading.TOUCHED);
        double inRss = (double) (residentSet(target) - before) / touched - 1;
        double inMeter = (double) (meter.bytes(target) - inMeterBefore) / touched - 1;
        TABLE.add(jdk, area, meter.text, inMeter, inRss);
        assertThat(touched).isBetween(AMOUNT, AMOUNT + MIB);
        assertThat(inMeter).as("%s %s", area, meter.text).isBetween(-TOLERANCE, TOLERANCE);
        assertThat(inRss).as("%s RSS", area).isBetween(-TOLERANCE, TOLERANCE);
      }
    }
  }

  @AfterAll
  static void writeTheTable() throws IOException {
    TABLE.write();
  }

  private static Target withAPlanOfEach(Set<AreaKind> areas, Jdk jdk, String young) {
    List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx1g", young));
    options.add("-javaagent:" + Target.AGENT + "=n=first,x=4k,m=4k,b,a=native");
    for (AreaKind area : areas) {
      options.add(
          "-javaagent:%s=n=%s,a=%s,x=%d,m=%d,b"
              .formatted(Target.AGENT, area, area, AMOUNT / MIB, BLOCK / MIB));
    }
    Target target = Target.start(jdk, options.toArray(new String[0]));
    for (AreaKind area : areas) {
      Plans.await(target, area.toString(), Phase.WAITING);
    }
    return target;
  }

  /** Returns the sum over all mappings: the kernel updates VmRSS of each thread in batches. */
  private static long residentSet(Target target) throws IOException {
    return kib(target, "smaps_rollup", "Rss:") << 10;
  }

  private static long kib(Target target, String file, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + target.pid(), file)).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
        .findFirst()
        .orElseThrow();
  }

  /** Counter of an area's blocks that is not allocmem's. */
  private enum Meter {
    HEAP("heap used after a collection") {
      @Override
      long bytes(Target target) {
        return Long.parseLong(target.ask("used").split(" ")[0]);
      }
    },
    DIRECT("buffer pool `direct`") {
      @Override
      long bytes(Target target) {
        return Long.parseLong(target.ask("buffers direct"));
      }
    },
    MAPPED("buffer pool `mapped`") {
      @Override
      long bytes(Target target) {
        return Long.parseLong(target.ask("buffers mapped"));
      }
    },
    METASPACE("memory pool `Metaspace`") {
      @Override
      long bytes(Target target) {
        return Long.parseLong(target.ask("metaspace"));
      }
    },
    VIRTUAL("VIRT") {
      @Override
      long bytes(Target target) throws IOException {
        return kib(target, "status", "VmSize:") << 10;
      }
    },
    THREADS("threads × block size") {
      @Override
      long bytes(Target target) throws IOException {
        return kib(target, "status", "Threads:") * BLOCK;
      }
    };

    private final String text;

    Meter(String text) {
      this.text = text;
    }

    abstract long bytes(Target target) throws IOException;

    static Meter of(AreaKind area) {
      return switch (area) {
        case HEAP, OBJECTS -> HEAP;
        case NATIVE -> VIRTUAL;
        case DIRECT -> DIRECT;
        case MAPPED -> MAPPED;
        case METASPACE -> METASPACE;
        case STACK -> THREADS;
      };
    }
  }
}
