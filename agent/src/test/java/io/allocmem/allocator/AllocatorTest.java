package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Allocation, holding and release of a plan's blocks. */
class AllocatorTest extends AllocatorHarness {
  @Test
  void neitherTheFirstBlockWaitsNorDoesAnythingWaitAfterTheLast() throws Exception {
    runUntil(200, "x=4,e=30,n=pace");
    assertThat(allocatedAtMs).containsExactly(0L, 30L, 60L, 90L);
  }

  @Test
  void aPlanWaitsBeforeItsFirstBlock() throws Exception {
    runUntil(500, "x=2,e=30,w=200ms,n=wait");
    assertThat(allocatedAtMs).containsExactly(200L, 230L);
  }

  @Test
  void aResumeEndsTheWait() throws Exception {
    Run run = new Run("x=1,w=1h,n=resumed", new FakeArea(Integer.MAX_VALUE));
    clock.events.put(60 * MS, () -> run.send(2));
    clock.events.put(300 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).singleElement().matches(at -> at >= 60 && at <= 100);
  }

  @Test
  void timeStandsStillForAPlanThatIsPausedBeforeItsFirstBlock() throws Exception {
    Run run = new Run("x=1,w=200ms,n=paused-wait", new FakeArea(Integer.MAX_VALUE));
    clock.events.put(60 * MS, () -> run.send(1));
    clock.events.put(900 * MS, () -> run.send(2));
    clock.events.put(1500 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).singleElement().matches(at -> at >= 990 && at <= 1090);
  }

  @Test
  void aPlanWithADurationReleasesByItself() throws Exception {
    Run run = new Run("x=0,e=100,d=1s,n=duration", new FakeArea(Integer.MAX_VALUE));
    run.allocator.run();
    assertThat(allocatedAtMs).hasSize(10).endsWith(900L);
    assertThat(released).isEqualTo(10);
  }

  @Test
  void aSlowBlockIsCaughtUpWith() throws Exception {
    slowThirdBlock = 70 * MS;
    runUntil(300, "x=6,e=30,n=slow");
    assertThat(allocatedAtMs).containsExactly(0L, 30L, 60L, 130L, 130L, 150L);
  }

  @Test
  void theFirstPartOfEachBlockIsTouchedAndTheRestGivenBack() throws Exception {
    runUntil(100, "m=2,x=4,f=0.25,n=fill");
    assertThat(touched).containsExactly("0-524288", "0-524288");
    assertThat(dropped)
        .containsExactly("524288-1572864", "1572864-2097152", "524288-1572864", "1572864-2097152");
  }

  @Test
  void aBlockIsGivenBackInSlices() throws Exception {
    runUntil(100, "m=40,x=40,f=0,n=slices");
    assertThat(dropped).hasSize(40).startsWith("0-1048576").endsWith("40894464-41943040");
  }

  @Test
  void aBlockIsTouchedInSlices() throws Exception {
    runUntil(100, "m=40,x=40,n=slices");
    assertThat(touched).containsExactly("0-16777216", "16777216-33554432", "33554432-41943040");
    assertThat(dropped).isEmpty();
  }

  @Test
  void aBlockThatIsBeingTouchedStaysWhileOlderOnesGoBack() throws Exception {
    FakeArea area = new FakeArea(2);
    Run run = new Run("m=40,x=80,keep-free=10%,a=direct,n=touching", area);
    whenTouched =
        () -> {
          if (touched.size() == 4) { // first slice of the second block
            clock.now += 60 * MS;
            area.others = 95 << 20;
            run.send(1);
          }
        };
    clock.events.put(
        1000 * MS,
        () -> {
          assertThat(released).isEqualTo(1);
          area.others = 0;
          run.send(2);
        });
    clock.events.put(2000 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(touched.subList(3, 6))
        .containsExactly("0-16777216", "16777216-33554432", "33554432-41943040");
    assertThat(released).isEqualTo(2);
  }

  @Test
  void nothingIsTouchedWhenTheFillRatioIsZero() throws Exception {
    runUntil(100, "m=2,x=4,f=0,n=none");
    assertThat(allocatedAtMs).hasSize(2);
    assertThat(touched).isEmpty();
  }

  @Test
  void everythingIsReleasedAtTheEnd() throws Exception {
    runUntil(100, "x=100,n=all");
    assertThat(released).isEqualTo(100);
  }

  @Test
  void aReleaseInTheMiddleStopsTheBlocks() throws Exception {
    runUntil(1000, "x=100,e=30,n=middle");
    assertThat(allocatedAtMs.size()).isBetween(33, 36);
    assertThat(released).isEqualTo(allocatedAtMs.size());
  }

  @Test
  void anExhaustedAreaKeepsItsBlocksAndAResumeTriesAgain() throws Exception {
    FakeArea area = new FakeArea(3);
    Run run = new Run("x=5,n=exhausted", area);
    clock.events.put(
        500 * MS,
        () -> {
          assertThat(allocatedAtMs).hasSize(3);
          assertThat(released).isZero();
          area.room = 5;
          run.send(2);
        });
    clock.events.put(900 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).hasSize(5);
    assertThat(released).isEqualTo(5);
  }

  @Test
  void anExhaustedPlanThatFollowsUsageGoesOnWhenOthersHaveGivenBack() throws Exception {
    FakeArea area = new FakeArea(3);
    area.others = 40 << 20;
    Run run = new Run("until=85%,a=direct,n=exhausted-until", area);
    clock.events.put(500 * MS, () -> area.room = 99);
    clock.events.put(
        1000 * MS,
        () -> {
          assertThat(allocatedAtMs).as("nobody has given anything back").hasSize(3);
          area.others = 30 << 20;
        });
    clock.events.put(1500 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).hasSize(55);
    assertThat(allocatedAtMs.get(3)).isBetween(1000L, 1200L);
  }

  @Test
  void anExhaustedPlanThatIsPausedTakesNothingUntilItIsResumed() throws Exception {
    FakeArea area = new FakeArea(3);
    area.others = 40 << 20;
    Run run = new Run("until=85%,a=direct,n=paused-exhausted", area);
    clock.events.put(500 * MS, () -> run.send(1));
    clock.events.put(
        700 * MS,
        () -> {
          area.room = 99;
          area.others = 30 << 20;
        });
    clock.events.put(1500 * MS, () -> run.send(2));
    clock.events.put(2000 * MS, () -> run.send(3));
    run.allocator.run();
    assertThat(allocatedAtMs).hasSize(55);
    assertThat(allocatedAtMs.get(3)).isBetween(1500L, 1600L);
  }

  @Test
  void aLeaseThatIsNotRenewedReleasesAndOneThatIsDoesNot() throws Exception {
    Run run = new Run("x=1,lease=1s,n=lease", new FakeArea(99));
    for (long at = 500; at <= 3000; at += 500) {
      clock.events.put(at * MS, run::renew);
    }
    clock.events.put(3900 * MS, () -> assertThat(released).isZero());
    run.allocator.run();
    assertThat(released).isEqualTo(1);
    assertThat(clock.now / MS).isBetween(4000L, 4150L);
  }
}
