package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Gcc;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM with locked memory, such as Cassandra's: the kernel does not release locked pages. */
class LockedMemoryIT {
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final long MIB = 1L << 20;
  private static final String[] SMALL = {
    "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=16m"
  };

  private @TempDir Path directory;
  private Path library;

  @BeforeEach
  void build() throws Exception {
    library = directory.resolve("locked.so");
    Gcc.build(NEWEST, "locked.c", library, "-shared", "-fPIC");
  }

  @Test
  void aLockedHeapIsNamedAndMemoryOutsideKeepsItsFillRatio() {
    try (Target target = start("")) {
      assertThat(InProcess.run("check", target.pid(), "-x", "20", "-f", "0.25").out())
          .containsPattern("locked memory +[0-9.]+ MiB \\(mlock, mlockall\\)")
          .contains("warning: this JVM has locked ", "a fill ratio is not enforced there");
      Plans.attach(target, "n=a,x=20,m=10,f=0.25");
      assertThat(Plans.await(target, "a", Phase.HOLDING).message)
          .startsWith("fill ratio not enforced on the heap here: this JVM has locked its memory (")
          .contains(", mlockall), and the kernel keeps locked pages");
      Plans.attach(target, "n=b,a=direct,x=20,m=10,f=0.25");
      Status direct = Plans.await(target, "b", Phase.HOLDING);
      assertThat(direct.message).isEmpty();
      assertThat(direct.get(Reading.RESIDENT)).isBetween(5 * MIB, 6 * MIB);
    }
  }

  @Test
  void lockedMemoryOutsideTheHeapIsNotCalledAHeap() {
    try (Target target = start("=future")) {
      for (String area : new String[] {"native", "direct", "stack", "mapped"}) {
        Plans.attach(target, "x=4,m=2,f=0.25,a=" + area + ",n=" + area);
        Status status = Plans.await(target, area, Phase.HOLDING);
        assertThat(status.message)
            .startsWith("fill ratio not enforced in ")
            .contains("this JVM has locked its memory (")
            .doesNotContain("heap");
        assertThat(status.get(Reading.TOUCHED)).as(area).isEqualTo(4 * MIB);
      }
    }
  }

  private Target start(String options) {
    String[] jvm = Arrays.copyOf(SMALL, SMALL.length + 1);
    jvm[SMALL.length] = "-agentpath:" + library + options;
    Target target = Target.start(NEWEST, jvm);
    assumeThat(new LinuxProcess(target.pid()).size("VmLck").orElse(0L))
        .as("permission")
        .isPositive();
    return target;
  }
}
