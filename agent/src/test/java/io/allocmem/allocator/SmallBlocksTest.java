package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.MemoryArea;
import io.allocmem.control.Reading;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of few pages on the heap, corrected in batches, with real pages and a simulated clock. */
class SmallBlocksTest {
  private static final long PAGE = MemoryArea.PAGE_SIZE;

  @TempDir private Path directory;
  private final Clock clock = new Clock();
  private HeldBlocksHarness plan;
  private PlanState state;
  private HeldBlocks held;

  private void open(String arguments) throws Exception {
    plan = new HeldBlocksHarness(arguments, directory, clock);
    state = plan.state;
    held = plan.held;
  }

  private void take(int blocks) {
    plan.take(blocks);
  }

  private long resident() {
    return plan.resident();
  }

  @AfterEach
  void release() throws Exception {
    plan.close();
  }

  /** A collection of this JVM can move blocks in between, which a check puts right. */
  private long checked() {
    for (int i = 0; i < 5; i++) {
      held.checkFillRatio();
    }
    return resident();
  }

  @ParameterizedTest
  @CsvSource({"16k, 0.25, 1", "16k, 0.5, 2", "16k, 1, 4", "64k, 0.25, 4", "8k, 0.5, 1"})
  void eachBlockKeepsTheTouchedPages(String size, String fill, int pages) throws Exception {
    open("m=" + size + ",x=10m,n=exact,f=" + fill);
    take(150);
    held.settle();
    // a block that begins exactly before a page keeps one page more, and so do those beside it
    assertThat(checked()).isBetween(150 * pages * PAGE, 150 * (pages + 1) * PAGE);
    assertThat(state.get(Reading.TOUCHED)).isEqualTo(150 * pages * PAGE);
  }

  @Test
  void blocksWaitForOthersOnlyUntilTenMillisecondsHavePassedOrThePlanWaits() throws Exception {
    open("m=16k,x=10m,f=0.25,n=waits");
    take(63);
    assertThat(resident()).as("not corrected yet").isZero();
    take(1);
    assertThat(resident()).as("64 together").isBetween(64 * PAGE, 2 * 64 * PAGE);
    take(1);
    clock.now += 10_000_000;
    take(1);
    assertThat(resident()).as("10 ms").isBetween(66 * PAGE, 2 * 66 * PAGE);
    take(1);
    held.settle();
    assertThat(resident()).as("before a wait").isBetween(67 * PAGE, 2 * 67 * PAGE);
  }

  @Test
  void blocksThatTheLogShowsAreCorrectedAtOnce() throws Exception {
    open("m=16k,x=10m,f=0.25,l,n=shown");
    take(1);
    assertThat(resident()).isPositive();
  }

  @Test
  void aReleasedBlockNoLongerCounts() throws Exception {
    open("m=16k,x=10m,f=0.25,n=oldest");
    take(10);
    held.releaseOldest();
    assertThat(state.get(Reading.BLOCKS)).isEqualTo(9);
    assertThat(checked()).isBetween(9 * PAGE, 2 * 9 * PAGE);
    held.releaseNewest();
    assertThat(state.get(Reading.BLOCKS)).isEqualTo(8);
    assertThat(checked()).isBetween(8 * PAGE, 2 * 8 * PAGE);
    held.release();
    assertThat(resident()).isZero();
  }

  @Test
  void blocksOfLessThanTwoPagesAreWrittenAsAWholeAndLeftAlone() throws Exception {
    open("m=5k,x=10m,f=0.25,n=tiny");
    take(100);
    assertThat(plan.caveat.sentence)
        .isEqualTo(
            "fill ratio not enforced on the heap here: a block of less than two pages is written"
                + " as a whole; touched = committed");
    assertThat(resident()).isEqualTo(100 * 5 * 1024);
    assertThat(state.get(Reading.TOUCHED)).isEqualTo(100 * 5 * 1024);
    held.checkFillRatio();
    clock.now += 60_000_000_000L;
    held.keepFillRatio();
    assertThat(resident()).isEqualTo(100 * 5 * 1024);
    held.releaseOldest();
    assertThat(resident()).isEqualTo(99 * 5 * 1024);
    assertThat(state.get(Reading.GIVEN_BACK)).isZero();
  }

  @Test
  void largeBlocksAreNotSaidToBeCoarse() throws Exception {
    open("m=1,x=10m,f=0.25,n=large");
    assertThat(plan.caveat.sentence).isEmpty();
  }
}
