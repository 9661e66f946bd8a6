package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards of a plan with several threads. An area of 100 MiB, blocks of 1 MiB: blocks under way
 * count as taken, so no thread passes a guard. If usage jumps, at most the blocks of the workers
 * are beyond the guard.
 */
class ThreadsGuardTest extends ThreadsHarness {
  private final AtomicInteger most = new AtomicInteger();

  private void recordMost() {
    most.accumulateAndGet(allocated.get() - released.get(), Math::max);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void noThreadPassesTheTarget(int threads) throws Exception {
    whenAllocated = number -> recordMost();
    whenTouched = () -> sleep(1);
    Run run = new Run("until=60%,a=direct,n=target-" + threads + ",t=" + threads);
    run.await(Phase.HOLDING);
    assertThat(most.get()).isEqualTo(60);
    assertThat(allocated).hasValue(60);
    run.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void noThreadTakesTheHeadroom(int threads) throws Exception {
    whenAllocated = number -> recordMost();
    whenTouched = () -> sleep(1);
    Run run = new Run("x=0,keep-free=40m,a=direct,n=headroom-" + threads + ",t=" + threads);
    run.await(Phase.GUARDED);
    assertThat(most.get()).as("40 MiB and the slack stay free").isEqualTo(59);
    run.release();
  }

  /**
   * A jump of the usage stops the plan after the blocks that workers have begun or been ordered.
   */
  @ParameterizedTest
  @CsvSource({
    "until=90%,1",
    "until=90%,2",
    "until=90%,4",
    "until=90%,8",
    "'x=0,keep-free=10m',1",
    "'x=0,keep-free=10m',2",
    "'x=0,keep-free=10m',8"
  })
  void aJumpOfTheUsageStopsAllThreads(String guard, int threads) throws Exception {
    AtomicInteger late = new AtomicInteger();
    whenAllocated =
        number -> {
          if (number > 20 && others > 0) {
            late.incrementAndGet();
          }
          if (number == 20) {
            others = 95 << 20;
          }
        };
    whenTouched = () -> sleep(1);
    Run run = new Run(guard + ",a=direct,n=jump-" + threads + ",t=" + threads);
    run.await(() -> allocated.get() >= 20 && run.status().phase != Phase.ALLOCATING);
    sleep(20);
    assertThat(late.get()).as("blocks begun after the jump").isLessThanOrEqualTo(threads - 1);
    run.release();
  }
}
