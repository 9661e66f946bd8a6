package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.readings.HeapReadings;
import io.allocmem.readings.ProcessReadings;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Margin in the JVM of the tests, whose heap is mostly free. */
class ErrorMarginTest {
  private final HeapReadings heap = new ProcessReadings(4096, AreaKind.HEAP).heap();
  private final Clock clock = new Clock();
  private boolean nearInArea;
  private boolean fatal = true;

  private final MemoryArea area =
      new MemoryArea() {
        @Override
        public Block allocate(ByteSize size) {
          throw new AssertionError("no block is taken");
        }

        @Override
        public boolean isNearError(ByteSize block) {
          return nearInArea;
        }

        @Override
        public String pagesUnavailable() {
          return null;
        }
      };

  private ErrorMargin margin(String arguments, double share, BooleanSupplier flags)
      throws Exception {
    long taken = (long) (heap.max() * share);
    return new ErrorMargin(AgentArguments.parse(arguments), area, heap, flags, taken, clock);
  }

  private ErrorMargin margin(String arguments, double share) throws Exception {
    return margin(arguments, share, () -> fatal);
  }

  @ParameterizedTest
  @CsvSource({"heap,0.25,false", "heap,0.52,true", "objects,0.5,false"})
  void anArrayNeedsRoomForOneMoreAndObjectsOnlyForThemselves(
      String kind, double share, boolean near) throws Exception {
    assertThat(margin("x=0,m=4k,a=" + kind, share).isNear(0)).isEqualTo(near);
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "objects"})
  void aTenthOfTheHeapStaysFree(String kind) throws Exception {
    assertThat(margin("x=0,m=4k,a=" + kind, 0.95).isNear(0)).isTrue();
  }

  @Test
  void withoutAFatalFlagOrWithThePermissionNothingIsNear() throws Exception {
    assertThat(margin("x=0,m=4k,oom=allow", 2).isNear(0)).isFalse();
    fatal = false;
    assertThat(margin("x=0,m=4k", 2).isNear(0)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"heap,20000000", "direct,1000000000"})
  void aFlagThatIsSetLaterCountsAfterTheInterval(String kind, long nanos) throws Exception {
    fatal = false;
    nearInArea = true;
    clock.now = 5;
    ErrorMargin margin = margin("x=0,m=4k,a=" + kind, 2);
    fatal = true;
    clock.park(nanos - 1);
    assertThat(margin.isNear(0)).isFalse();
    clock.park(1);
    assertThat(margin.isNear(0)).isTrue();
    fatal = false;
    assertThat(margin.isNear(0)).as("the interval begins again").isTrue();
    clock.park(nanos);
    assertThat(margin.isNear(0)).isFalse();
  }

  @Test
  void aFlagThatIsSetLaterCountsForOtherUsageAfterASecond() throws Exception {
    fatal = false;
    nearInArea = true;
    ErrorMargin margin = margin("x=0,m=4k,a=direct", 2);
    fatal = true;
    assertThat(margin.haveOthersComeNear(0)).isFalse();
    clock.park(1_000_000_000);
    assertThat(margin.haveOthersComeNear(0)).isTrue();
  }

  @Test
  void aPermissionStaysWhateverFlagIsSetLater() throws Exception {
    ErrorMargin margin = margin("x=0,m=4k,oom=allow", 2);
    clock.park(Long.MAX_VALUE);
    assertThat(margin.isNear(0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCheckThatRunsOutOfMemoryKeepsTheAnswer(boolean before) throws Exception {
    boolean[] full = {false};
    ErrorMargin margin =
        margin(
            "x=0,m=4k",
            2,
            () -> {
              if (full[0]) {
                throw new OutOfMemoryError("no room for the check");
              }
              return before;
            });
    full[0] = true;
    clock.park(1_000_000_000);
    assertThat(margin.isNear(0)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outsideTheHeapTheAreaAnswers(boolean near) throws Exception {
    ErrorMargin margin = margin("x=0,m=4k,a=direct", 2);
    nearInArea = near;
    assertThat(margin.isNear(0)).isEqualTo(near);
    assertThat(margin.haveOthersComeNear(0)).isEqualTo(near);
  }

  @Test
  void othersComeNearOnTheHeapOnceACollectionHasShownLiveBytes() throws Exception {
    ErrorMargin near = margin("x=0,m=4k", 2);
    ErrorMargin far = margin("x=0,m=4k", 0.01);
    assertThat(near.haveOthersComeNear(0)).as("no collection has been seen").isFalse();
    System.gc();
    assertThat(near.haveOthersComeNear(0)).isTrue();
    assertThat(far.haveOthersComeNear(0)).isFalse();
  }
}
