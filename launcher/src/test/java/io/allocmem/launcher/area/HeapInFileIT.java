package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Heap in a file by {@code -XX:AllocateHeapAt}, on a full file system. A released page would be a
 * hole in this file: the next touch would raise SIGBUS and end the JVM.
 */
@Timeout(120)
class HeapInFileIT {
  private static final String PLACE = "/mnt";

  /** Starts the JVM with a file system for the heap and for few further pages. */
  private static final List<String> SMALL_FILE_SYSTEM =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-ec",
          "mount -t tmpfs -o size=66m tmpfs " + PLACE + "; exec \"$@\"",
          "sh");

  static Stream<Arguments> jdksAndCollectors(TestInfo test) {
    List<Collector> collectors =
        List.of(Collector.SERIAL, Collector.PARALLEL, Collector.G1, Collector.ZGC);
    return Jdks.some(test)
        .filter(jdk -> jdk.version() >= 11)
        .flatMap(
            jdk ->
                Collector.of(jdk).stream()
                    .filter(collectors::contains)
                    .map(collector -> Arguments.of(jdk, collector)));
  }

  @ParameterizedTest
  @MethodSource("jdksAndCollectors")
  void itGetsNoHolesAndThePlanSaysSo(Jdk jdk, Collector collector) throws IOException {
    Inside.assume(SMALL_FILE_SYSTEM, jdk);
    List<String> options = new ArrayList<>(collector.flags());
    options.addAll(List.of("-Xms64m", "-Xmx64m", "-XX:AllocateHeapAt=" + PLACE));
    try (Target target = Target.startBy(SMALL_FILE_SYSTEM, jdk, options.toArray(new String[0]))) {
      Cli attached = Cli.run("attach", target.pid(), "-m", "1", "-x", "24", "-f", "25%");
      assertThat(attached.out())
          .contains("fill ratio not enforced on the heap here: the heap lies in the file " + PLACE)
          .contains("(-XX:AllocateHeapAt, or large pages)");
      Status status = Plans.await(target, Phase.HOLDING);
      assertThat(status.get(Reading.TOUCHED)).isEqualTo(24L << 20);
      fill(Path.of("/proc/" + target.pid() + "/root" + PLACE + "/rest"));
      assertThat(target.ask("gc")).as(target.err()).isEqualTo("collected");
      Plans.release(target);
      assertThat(target.ask("gc")).as(target.err()).isEqualTo("collected");
      Plans.attach(target, "m=1,x=24");
      Plans.await(target, Phase.HOLDING);
      assertThat(target.ask("alive")).as(target.err()).isEqualTo("echo alive");
      Plans.attach(target, "x=8,f=0.25,a=native,n=beside");
      assertThat(Plans.await(target, "beside", Phase.HOLDING).get(Reading.RESIDENT))
          .as("pages of other memory are counted, and go back, as ever")
          .isEqualTo(2L << 20);
    }
  }

  private static void fill(Path rest) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(rest, StandardOpenOption.CREATE_NEW)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }
}
