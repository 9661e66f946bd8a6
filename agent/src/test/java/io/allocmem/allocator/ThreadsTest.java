package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans with several threads: workers, refusals, errors, and commands in the middle. */
class ThreadsTest extends ThreadsHarness {
  private static final int PAUSE = 1;
  private static final int RESUME = 2;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void severalThreadsTakeExactlyTheLimit(int threads) throws Exception {
    whenTouched = () -> sleep(1);
    Run run = new Run("x=100,a=direct,n=threads-limit,t=" + threads);
    run.await(Phase.HOLDING);
    assertThat(run.status().get(Reading.BLOCKS)).isEqualTo(100);
    assertThat(run.status().get(Reading.TOUCHED)).isEqualTo(100 << 20);
    assertThat(run.status().get(Reading.RESIDENT)).isEqualTo(100 << 20);
    assertThat(allocated).hasValue(100);
    assertThat(takers).hasSize(threads).contains("allocmem-threads-limit");
    run.release();
  }

  /** The plan's thread takes one block meanwhile, and cannot order any. */
  @ParameterizedTest
  @CsvSource({"x=20, 2", "until=80%, 1"})
  void aWorkerHasOrdersWhileThePlansThreadTakesABlock(String end, int orders) throws Exception {
    CountDownLatch taking = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger byWorker = new AtomicInteger();
    whenTouched =
        () -> {
          if (isWorker()) {
            await(taking); // else the plan's thread could order one more before its own block
            byWorker.incrementAndGet();
          } else {
            taking.countDown();
            await(go);
          }
        };
    Run run = new Run(end + ",a=direct,n=threads-ahead,t=2");
    run.await(() -> byWorker.get() == orders);
    sleep(20);
    assertThat(byWorker).hasValue(orders);
    go.countDown();
    run.await(Phase.HOLDING);
    run.release();
  }

  private static void await(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSawToothTakesItsBlocksWithAllThreadsAgain() throws Exception {
    whenTouched = () -> sleep(1);
    Run run = new Run("x=20,a=direct,then=cycle,hold=20ms,n=threads-cycle,t=4");
    run.await(() -> allocated.get() >= 60);
    run.release();
  }

  @Test
  void anAreaThatRefusesABlockOfAWorkerIsExhausted() throws Exception {
    room = 10;
    whenTouched = () -> sleep(1);
    Run run = new Run("x=50,a=direct,n=threads-refused,t=4");
    run.await(Phase.EXHAUSTED);
    assertThat(run.status().message).isEqualTo("the C library has no more memory");
    assertThat(run.status().get(Reading.BLOCKS)).isEqualTo(10);
    room = 50;
    run.send(RESUME);
    run.await(Phase.HOLDING);
    assertThat(run.status().get(Reading.BLOCKS)).isEqualTo(50);
    run.release();
  }

  @Test
  void aFullHeapRefusesABlockOfAWorker() throws Exception {
    whenAllocated =
        number -> {
          if (number > 10) {
            throw new OutOfMemoryError("thrown by the test");
          }
        };
    Run run = new Run("x=50,a=direct,n=threads-full,t=4");
    run.await(Phase.EXHAUSTED);
    assertThat(run.status().message)
        .isEqualTo("no room on the Java heap for the agent's own objects");
    assertThat(run.status().get(Reading.BLOCKS)).isEqualTo(10);
    run.release();
  }

  /** Another block may be under way: the plan's thread tries alone before it gives up. */
  @Test
  void aRefusalWhileOtherBlocksAreUnderWayIsNotTheEnd() throws Exception {
    AtomicInteger refusals = new AtomicInteger();
    whenAllocated =
        number -> {
          sleep(1);
          if (isWorker() && refusals.incrementAndGet() % 2 == 1) {
            throw new OutOfMemoryError("thrown by the test");
          }
        };
    Run run = new Run("x=50,a=direct,n=threads-again,t=2");
    run.await(Phase.HOLDING);
    assertThat(run.status().get(Reading.BLOCKS)).isEqualTo(50);
    assertThat(refusals.get()).isPositive();
    run.release();
  }

  @Test
  void anErrorWhileAWorkerAllocatesEndsThePlan() throws Exception {
    whenAllocated =
        number -> {
          sleep(1);
          if (isWorker() && number > 10) {
            throw new IllegalStateException("thrown by the test");
          }
        };
    new Run("x=50,a=direct,n=threads-failed,t=4").awaitEnd();
    assertThat(allocated.get()).isBetween(7, 49);
  }

  @Test
  void anErrorWhileAWorkerTouchesReleasesItsBlock() throws Exception {
    whenTouched =
        () -> {
          sleep(1);
          if (isWorker() && slices.get() > 10) {
            throw new StackOverflowError("thrown by the test");
          }
        };
    new Run("x=50,a=direct,n=threads-error,t=4").awaitEnd();
    assertThat(allocated.get()).isBetween(7, 49);
  }

  @Test
  void aReleaseStopsEachThreadWithinASlice() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    whenTouched =
        () -> {
          await(go);
          sleep(2);
        };
    Run run = new Run("m=1600,x=16000,a=native,n=threads-release,t=4");
    run.await(() -> slices.get() == 4);
    run.send(RELEASE);
    go.countDown();
    run.awaitEnd();
    assertThat(slices.get()).as("of the 400 slices of four blocks").isLessThan(200);
    assertThat(allocated).hasValue(4);
  }

  @Test
  void aPauseStopsEachThreadWithinASliceAndAResumeGoesOn() throws Exception {
    whenTouched = () -> sleep(2);
    Run run = new Run("m=1600,x=6400,a=native,n=threads-pause,t=4");
    run.await(() -> slices.get() > 20);
    run.send(PAUSE);
    run.await(Phase.PAUSED);
    sleep(20);
    int touched = slices.get();
    sleep(50);
    assertThat(slices).hasValue(touched);
    assertThat(run.status().get(Reading.TOUCHED)).isLessThan(4L * 1600 << 20);
    run.send(RESUME);
    run.await(Phase.HOLDING);
    assertThat(slices).hasValue(400);
    run.release();
  }

  @Test
  void aReleaseEndsAPausedPlanWithBlocksUnderWay() throws Exception {
    whenTouched = () -> sleep(2);
    Run run = new Run("m=1600,x=6400,a=native,n=threads-paused,t=4");
    run.await(() -> slices.get() > 20);
    run.send(PAUSE);
    run.await(Phase.PAUSED);
    run.release();
    assertThat(slices.get()).isLessThan(400);
  }

  @Test
  void thePaceOfAPlanIsThePaceOfAllThreads() throws Exception {
    long start = System.nanoTime();
    Run run = new Run("x=21,e=10,a=direct,n=threads-pace,t=4");
    run.await(Phase.HOLDING);
    assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(200);
    assertThat(allocated).hasValue(21);
    run.release();
  }

  /** A command that comes during an allocation waits for the whole block. */
  @Test
  void aPausedPlanShowsNoBlockInPart() throws Exception {
    Run run = new Run("x=50,a=direct,b,n=threads-whole");
    whenAllocated =
        number -> {
          if (number == 3) {
            run.send(PAUSE);
            sleep(50); // longer than the polling interval
          }
        };
    run.send(RESUME);
    run.await(Phase.PAUSED);
    Status paused = run.status();
    assertThat(paused.get(Reading.BLOCKS)).isPositive();
    assertThat(paused.get(Reading.TOUCHED)).isEqualTo(paused.get(Reading.COMMITTED));
    assertThat(paused.get(Reading.RESIDENT)).isEqualTo(paused.get(Reading.COMMITTED));
    run.release();
  }
}
