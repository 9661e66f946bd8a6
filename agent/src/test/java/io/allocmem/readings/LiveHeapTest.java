package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.readings.Collectors.Kind;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulated heap: the test decides the time and the result of each collection. */
class LiveHeapTest {
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private boolean unseenBegin;
  private long held = 100;
  private final LiveHeap heap =
      new LiveHeap(
          new Collectors() {
            @Override
            long count(Kind kind) {
              return counts.getOrDefault(kind, 0L);
            }

            @Override
            boolean haveUnseenBegin() {
              return unseenBegin;
            }
          });

  private void finished(Kind kind, long occupied) {
    counts.merge(kind, 1L, Long::sum);
    heap.look(occupied, held);
  }

  private void giveBack(long bytes, boolean freedByYoung) {
    held -= bytes;
    heap.released(bytes, freedByYoung);
  }

  private void look() {
    heap.look(Long.MAX_VALUE / 2, held);
  }

  @ParameterizedTest
  @CsvSource({
    "Copy, YOUNG",
    "MarkSweepCompact, WHOLE",
    "PS Scavenge, YOUNG",
    "PS MarkSweep, WHOLE",
    "ParNew, YOUNG",
    "ConcurrentMarkSweep, OLD",
    "G1 Young Generation, YOUNG",
    "G1 Concurrent GC, OLD",
    "G1 Old Generation, WHOLE",
    "ZGC, WHOLE",
    "ZGC Cycles, WHOLE",
    "ZGC Pauses, PAUSES",
    "ZGC Minor Cycles, YOUNG",
    "ZGC Minor Pauses, YOUNG_PAUSES",
    "ZGC Major Cycles, WHOLE",
    "ZGC Major Pauses, PAUSES",
    "Shenandoah Cycles, WHOLE",
    "Shenandoah Pauses, PAUSES",
    "a collector of tomorrow's, WHOLE"
  })
  void theNameTellsWhatIsCollected(String name, Kind kind) {
    assertThat(Collectors.kind(name)).isEqualTo(kind);
  }

  @Test
  void nothingIsKnownBeforeTheFirstCollection() {
    look();
    assertThat(heap.isKnown()).isFalse();
    assertThat(heap.least()).isZero();
  }

  @Test
  void aPauseIsNoCollection() {
    finished(Kind.PAUSES, 900);
    finished(Kind.YOUNG_PAUSES, 900);
    assertThat(heap.isKnown()).isFalse();
    finished(Kind.WHOLE, 130);
    assertThat(heap.most()).isEqualTo(30);
  }

  @Test
  void whatWentBackIsNotTheOthersWhereAYoungCollectionLeavesIt() {
    finished(Kind.YOUNG, 130);
    giveBack(40, false);
    look();
    finished(Kind.YOUNG, 130);
    assertThat(heap.least()).as("no news: nothing more goes back").isEqualTo(30);
    assertThat(heap.leastAtLast()).isEqualTo(30);
    finished(Kind.YOUNG, 150);
    assertThat(heap.leastAtLast()).as("they have grown").isEqualTo(50);
    finished(Kind.WHOLE, 110);
    assertThat(heap.leastAtLast()).as("now it is sure").isEqualTo(50);
    assertThat(heap.garbage()).isZero();
  }

  @Test
  void whatAYoungCollectionFreesDoesNotHideThatOthersGrow() {
    finished(Kind.YOUNG, 130);
    giveBack(40, true);
    look();
    finished(Kind.YOUNG, 110);
    assertThat(heap.leastAtLast()).isEqualTo(50);
  }

  @Test
  void whatWentBackWhileACollectionGoesOnIsGarbageUntilTheNext() {
    finished(Kind.WHOLE, 130);
    finished(Kind.PAUSES, 130);
    giveBack(40, false);
    look();
    finished(Kind.WHOLE, 130);
    assertThat(heap.leastAtLast()).isEqualTo(30);
    finished(Kind.WHOLE, 110);
    assertThat(heap.leastAtLast()).isEqualTo(50);
  }

  @Test
  void aCollectionOfTheOldLeavesTheGarbageOfTheYoung() {
    unseenBegin = true;
    finished(Kind.YOUNG, 130);
    finished(Kind.OLD, 300);
    assertThat(heap.most()).isEqualTo(30);
    finished(Kind.OLD, 120);
    assertThat(heap.most()).isEqualTo(20);
    giveBack(20, false);
    finished(Kind.OLD, 300);
    finished(Kind.YOUNG, 120);
    assertThat(heap.leastAtLast()).as("it may have begun before that went back").isEqualTo(20);
    finished(Kind.OLD, 300);
    finished(Kind.YOUNG, 120);
    assertThat(heap.leastAtLast()).as("the next one has not").isEqualTo(40);
  }

  @Test
  void whatIsFreedAfterTheCountHasChangedCountsToo() {
    finished(Kind.WHOLE, 200);
    heap.look(140, held);
    assertThat(heap.most()).isEqualTo(40);
    heap.look(190, held);
    assertThat(heap.leastAtLast()).isEqualTo(40);
  }

  @Test
  void aSmallChangeMustShowTwice() {
    finished(Kind.WHOLE, 130);
    finished(Kind.WHOLE, 136);
    assertThat(heap.steadily(10)).isEqualTo(30);
    finished(Kind.WHOLE, 138);
    assertThat(heap.leastAtLast()).isEqualTo(38);
    finished(Kind.WHOLE, 200);
    assertThat(heap.leastAtLast()).isEqualTo(100);
  }

  @Test
  void garbageAmongTheOldIsExpectedOnceItWasFound() {
    finished(Kind.WHOLE, 130);
    finished(Kind.YOUNG, 160);
    finished(Kind.WHOLE, 130);
    counts.merge(Kind.YOUNG, 1L, Long::sum);
    heap.look(155, held);
    assertThat(heap.leastAtLast()).isEqualTo(55);
    assertThat(heap.steadily(0)).isEqualTo(30);
  }
}
