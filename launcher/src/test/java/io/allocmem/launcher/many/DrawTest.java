package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.process.ContainerNames;
import io.allocmem.launcher.process.JavaProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A share of JVMs is drawn by seed and identity. */
class DrawTest {
  private static ManyTarget jvm(long pid) {
    return new ManyTarget(
        new JavaProcess(pid, pid, "shop", 7, 7, "21", "Shop", ContainerNames.NONE), 1000 + pid);
  }

  private static List<ManyTarget> jvms(int count) {
    return LongStream.rangeClosed(1, count).mapToObj(DrawTest::jvm).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "30, 10, 3",
    "30, 1, 1",
    "1, 50, 1",
    "30, 5, 2",
    "30, 4, 1",
    "50, 3, 2",
    "49, 3, 1",
    "100, 7, 7",
    "99, 7, 7",
    "33, 100, 33"
  })
  void theShareIsRoundedAndOneJvmAtLeast(int percent, int all, int drawn) {
    assertThat(new Draw(percent, 1).of(jvms(all))).hasSize(drawn);
  }

  @Test
  void theSameSeedDrawsTheSameJvmsInAnyOrderOfTheList() {
    List<ManyTarget> shuffled = new ArrayList<>(jvms(50));
    Collections.shuffle(shuffled, new Random(7));
    assertThat(new Draw(30, 4711).of(shuffled))
        .containsExactlyInAnyOrderElementsOf(new Draw(30, 4711).of(jvms(50)));
  }

  @Test
  void anEndedJvmLeavesTheDrawOfTheRestAlone() {
    List<ManyTarget> drawn = new Draw(30, 4711).of(jvms(50));
    List<ManyTarget> fewer = new ArrayList<>(jvms(50));
    fewer.remove(drawn.get(0));
    assertThat(new Draw(30, 4711).of(fewer)).containsAll(drawn.subList(1, drawn.size()));
  }

  @Test
  void anotherJvmWithThePidHasAnotherNumber() {
    List<ManyTarget> later =
        jvms(50).stream().map(jvm -> new ManyTarget(jvm.jvm(), jvm.started() + 9)).toList();
    assertThat(pids(new Draw(30, 4711).of(later)))
        .isNotEqualTo(pids(new Draw(30, 4711).of(jvms(50))));
  }

  @Test
  void overManySeedsEachJvmIsDrawnAboutAsOften() {
    int[] times = new int[51];
    for (int seed = 0; seed < 1000; seed++) {
      new Draw(20, seed).of(jvms(50)).forEach(jvm -> times[(int) jvm.pid()]++);
    }
    for (int pid = 1; pid <= 50; pid++) {
      assertThat(times[pid]).as("pid %d", pid).isBetween(140, 260);
    }
  }

  private static Set<Long> pids(List<ManyTarget> jvms) {
    Set<Long> pids = new HashSet<>();
    jvms.forEach(jvm -> pids.add(jvm.pid()));
    return pids;
  }
}
