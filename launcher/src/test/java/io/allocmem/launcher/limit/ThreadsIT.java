package io.allocmem.launcher.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans with two threads, in each area that has threads. */
class ThreadsIT {
  private static final String TWO_PROCESSORS = "-XX:ActiveProcessorCount=2";

  /**
   * Beginning of the names of the plan's threads, whole on each JDK: the kernel shows 15
   * characters.
   */
  private static final String PLAN = "allocmem-two";

  private static final long MIB = 1L << 20;

  static Stream<Arguments> jdksAndAreas(TestInfo test) {
    return Jdks.some(test)
        .flatMap(
            jdk ->
                Stream.of("heap", "objects", "native", "direct", "mapped")
                    .map(area -> Arguments.of(jdk, area)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndAreas")
  void twoThreadsTakeThePlanAndNothingStays(Jdk jdk, String area) throws Exception {
    try (Target target = Target.start(jdk, TWO_PROCESSORS, "-Xmx512m")) {
      boolean sparse = !area.equals("objects");
      for (String shape : List.of("m=64k,f=1", sparse ? "m=20,f=0.25" : "m=20,f=1")) {
        String what = jdk + " " + area + " " + shape;
        Plans.attach(target, "n=two,t=2,x=200,a=" + area + "," + shape);
        Status held = Plans.await(target, "two", Phase.HOLDING);
        assertThat(threads(target)).as(what).hasSize(2);
        long committed = held.get(Reading.COMMITTED);
        assertThat(committed).as(what).isBetween(200 * MIB, 201 * MIB);
        long touched = shape.endsWith("f=0.25") ? 50 * MIB : 200 * MIB;
        assertThat(held.get(Reading.TOUCHED)).as(what).isEqualTo(touched);
        if (sparse) { // the pages of small objects are not counted
          long edges = 2 * 4096 * held.get(Reading.BLOCKS);
          assertThat(held.get(Reading.RESIDENT))
              .as(what)
              .isBetween(touched - edges, touched + edges);
        }
        Plans.release(target);
        assertThat(threads(target)).as(what).isEmpty();
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  /** Returns the names of the plan's threads, by the kernel. */
  private static List<String> threads(Target target) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + target.pid() + "/task"))) {
      return tasks.map(ThreadsIT::name).filter(name -> name.startsWith(PLAN)).sorted().toList();
    }
  }

  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm")).trim();
    } catch (IOException ended) {
      return "";
    }
  }

  @Test
  void moreThreadsThanProcessorsAreRefusedAndCheckPredictsIt() throws IOException {
    try (Target target = Target.start(Jdks.all().get(0), TWO_PROCESSORS)) {
      String pid = Long.toString(target.pid());
      String sentence =
          "-t 3 is more than the processors of the JVM, 2: give at most 2, or -t cores";
      Cli check = Cli.run("check", pid, "-x", "1", "-t", "3");
      assertThat(check.out()).contains("refused: " + sentence);
      Cli attach = Cli.run("attach", pid, "-x", "1", "-t", "3");
      assertThat(attach.code()).isNotZero();
      assertThat(attach.out()).contains(sentence);
      assertThat(Cli.run("check", pid, "-x", "1", "-t", "cores").out())
          .contains("takes blocks with 2 threads at once")
          .contains("the plan can start");
    }
  }
}
