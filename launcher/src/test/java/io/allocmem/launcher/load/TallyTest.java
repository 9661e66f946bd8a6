package io.allocmem.launcher.load;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Windows of requests by their intended start. */
class TallyTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private final Tally tally = new Tally(10, SECOND);

  private CompletableFuture<LoadWindow> next(long due, long now) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return tally.next(due, now);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void percentilesCountFromTheSmallestTime() throws Exception {
    for (int i = 0; i < 100; i++) {
      tally.answered(10 + i, SECOND, (i + 1) * 10 * MILLI);
    }
    LoadWindow window = tally.next(110, 3 * SECOND);
    assertThat(window.answers()).isEqualTo(100);
    assertNear(window.p50(), 500);
    assertNear(window.p99(), 990);
    assertNear(window.p999(), 1000);
    assertNear(window.max(), 1000);
    assertThat(window.perSecond()).isEqualTo(50);
    assertThat(window.firstFailure()).isNull();
  }

  private static void assertNear(Duration time, long millis) {
    assertThat(time)
        .isBetween(ofMillis(millis), ofMillis(millis).multipliedBy(1001).dividedBy(1000));
  }

  @Test
  void requestsOfTheWarmUpDoNotCount() throws Exception {
    tally.answered(9, SECOND - 1, SECOND);
    LoadWindow window = tally.next(5, SECOND / 2);
    assertThat(window)
        .isEqualTo(
            new LoadWindow(
                0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, null));
  }

  /** The window would look good if its slow answers counted in the next window. */
  @Test
  void aWindowWaitsForItsSlowRequests() throws Exception {
    tally.answered(10, SECOND, MILLI);
    CompletableFuture<LoadWindow> window = next(13, 2 * SECOND);
    tally.failed(12, 300 * MILLI, "late");
    assertIsOpen(window);
    tally.answered(13, SECOND, MILLI); // of the next window, or the request ended before the window
    assertIsOpen(window);
    tally.failed(11, 400 * MILLI, "later");
    LoadWindow ended = window.get(10, TimeUnit.SECONDS);
    assertThat(ended.failures()).isEqualTo(2);
    assertThat(ended.firstFailure()).isEqualTo("late");
    assertThat(ended.max()).isGreaterThanOrEqualTo(ofMillis(400));
  }

  private static void assertIsOpen(CompletableFuture<LoadWindow> window) throws Exception {
    try {
      window.get(100, TimeUnit.MILLISECONDS);
      throw new AssertionError("the window has ended");
    } catch (TimeoutException open) {
      assertThat(window).isNotDone();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSkippedWindowLeavesNothing() throws Exception {
    tally.answered(10, SECOND, MILLI);
    tally.skip(13, 2 * SECOND);
    tally.failed(11, 400 * MILLI, "late");
    tally.answered(13, SECOND, MILLI);
    CompletableFuture<LoadWindow> window = next(14, 3 * SECOND);
    tally.failed(12, 400 * MILLI, "late");
    LoadWindow ended = window.get(10, TimeUnit.SECONDS);
    assertThat(ended.answers()).isOne();
    assertThat(ended.failures()).isZero();
  }

  @Test
  void afterTheEndNobodyWaits() throws Exception {
    tally.answered(10, SECOND, MILLI);
    CompletableFuture<LoadWindow> window = next(13, 2 * SECOND);
    tally.close();
    assertThat(window.get(10, TimeUnit.SECONDS).answers()).isOne();
  }
}
