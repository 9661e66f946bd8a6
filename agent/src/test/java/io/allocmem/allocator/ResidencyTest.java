package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fill ratio of two blocks of native memory, with real pages and a simulated clock. */
class ResidencyTest {
  private static final long MIB = 1L << 20;
  private static final long SECOND = 1_000_000_000;

  @TempDir private Path directory;
  private final Clock clock = new Clock();
  private HeldBlocksHarness plan;
  private PlanState state;
  private HeldBlocks held;

  private void hold(String arguments) throws Exception {
    plan = new HeldBlocksHarness(arguments, directory, clock);
    state = plan.state;
    held = plan.held;
    plan.take(2);
    held.checkFillRatio();
  }

  @AfterEach
  void release() throws Exception {
    plan.close();
  }

  @Test
  void countsWhatIsInRamOfAllBlocks() throws Exception {
    hold("m=8,x=16,f=0.25,a=native,n=counts");
    assertThat(state.get(Reading.RESIDENT)).isEqualTo(4 * MIB);
  }

  @Test
  void givesBackWhatBecameResidentWithinFiveSecondsWithoutAnyCollection() throws Exception {
    hold("m=8,x=16,f=0.25,a=native,n=back");
    held.get(1).touch(0, 8 * MIB);
    clock.now += 5 * SECOND;
    held.keepFillRatio();
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(2 * MIB);
    assertThat(state.get(Reading.RESIDENT)).isEqualTo(4 * MIB);
  }

  @Test
  void givesItBackHalfASecondAfterACollection() throws Exception {
    hold("m=8,x=16,f=0.25,a=native,n=collected");
    System.gc();
    held.get(1).touch(0, 8 * MIB);
    held.keepFillRatio();
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(8 * MIB);
    clock.now += SECOND / 2;
    held.keepFillRatio();
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(2 * MIB);
  }

  @Test
  void whatIsNewIsNotCountedTwiceUnlessACollectorHasWorked() throws Exception {
    hold("m=8,x=16,f=0.25,a=native,n=settled");
    held.get(1).touch(0, 8 * MIB);
    held.settleFillRatio();
    assertThat(state.get(Reading.RESIDENT)).as("nothing has moved").isEqualTo(4 * MIB);
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(8 * MIB);
    System.gc();
    held.settleFillRatio();
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(2 * MIB);
  }

  @Test
  void aLongCheckIsFollowedByALongRest() throws Exception {
    hold("m=8,x=16,f=0.25,a=native,n=long");
    clock.step = SECOND; // each look at the clock
    held.checkFillRatio();
    clock.step = 0;
    System.gc();
    held.get(1).touch(0, 8 * MIB);
    clock.now += 10 * SECOND;
    held.keepFillRatio();
    assertThat(held.get(1).resident(0, 8 * MIB)).as("the check took more").isEqualTo(8 * MIB);
    clock.now += 1000 * SECOND;
    held.keepFillRatio();
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(2 * MIB);
  }

  @Test
  void touchesAgainWhatIsNoLongerInRam() throws Exception {
    hold("m=8,x=16,f=0.25,a=native,n=again");
    held.get(0).drop(0, 8 * MIB);
    clock.now += 5 * SECOND;
    held.keepFillRatio();
    assertThat(held.get(0).resident(0, 8 * MIB)).isEqualTo(2 * MIB);
    assertThat(state.get(Reading.RESIDENT)).isEqualTo(4 * MIB);
  }

  @Test
  void leavesItToTheKernelWhenToldTo() throws Exception {
    hold("m=8,x=16,f=0.25,k=off,a=native,n=left");
    held.get(0).drop(0, 8 * MIB);
    held.get(1).touch(0, 8 * MIB);
    clock.now += 5 * SECOND;
    held.keepFillRatio();
    assertThat(held.get(0).resident(0, 8 * MIB)).isZero();
    assertThat(held.get(1).resident(0, 8 * MIB)).isEqualTo(2 * MIB);
    assertThat(state.get(Reading.RESIDENT)).isEqualTo(2 * MIB);
  }
}
