package io.allocmem.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.options.StartOptions;
import io.allocmem.plan.AreaKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptByOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "G1, 17, -Xmx1g, -XX:MaxHeapFreeRatio",
    "G1, 17, -XX:+AlwaysPreTouch, AlwaysPreTouch",
    "ZGC, 17, -Xmx1g, -XX:ZUncommitDelay",
    "ZGC, 17, -XX:-ZUncommit, -XX:-ZUncommit",
    "ZGC, 11, -Xmx1g, before JDK 13",
    "Shenandoah, 17, -Xmx1g, ShenandoahUncommitDelay",
    "Shenandoah, 17, -XX:-ShenandoahUncommit, -XX:-ShenandoahUncommit"
  })
  void theReasonForKeptHeapFollowsCollectorAndOptions(
      String collector, int jdk, String option, String reason) {
    assertThat(kept(collector, false, jdk, option).freeHeap()).contains(reason);
  }

  @Test
  void aHeapOfFixedSizeNeverShrinksWhateverTheCollector() {
    assertThat(kept("ZGC", true, 17, "-Xms1g").freeHeap()).contains("-Xms = -Xmx");
  }

  @ParameterizedTest
  @CsvSource({
    "Epsilon, -Xmx1g, HEAP, Epsilon",
    "Epsilon, -Xmx1g, OBJECTS, Epsilon",
    "G1, -Xnoclassgc, METASPACE, unloads no classes",
    "G1, -XX:-ClassUnloading, METASPACE, unloads no classes"
  })
  void blocksThatNeverComeBackHaveAReason(
      String collector, String option, AreaKind area, String reason) {
    assertThat(kept(collector, false, 17, option).blocksOf(area)).contains(reason);
  }

  @Test
  void blocksThatComeBackHaveNoReason() {
    assertThat(kept("Epsilon", false, 17, "-Xnoclassgc").blocksOf(AreaKind.NATIVE)).isNull();
    assertThat(kept("G1", false, 17, "-Xnoclassgc").blocksOf(AreaKind.HEAP)).isNull();
    assertThat(kept("G1", false, 17, "-Xmx1g").blocksOf(AreaKind.METASPACE)).isNull();
  }

  private static KeptByOptions kept(String collector, boolean fixed, int jdk, String option) {
    StartOptions options = StartOptions.listed(List.of(option), List.of());
    return new KeptByOptions(collector, fixed, jdk, options);
  }
}
