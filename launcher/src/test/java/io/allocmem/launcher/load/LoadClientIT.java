package io.allocmem.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.probe.HttpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Times of the load client against the delays that a service injects. Isolated: a client that waits
 * for a processor sends late, and the delay counts.
 */
@Isolated
class LoadClientIT {
  private static final Percentage ERROR = Percentage.withPercentage(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Two answers of a hundred take 400 ms. */
  @Test
  void rareSlowAnswersAreSeen() throws Exception {
    Histogram truth = new ConcurrentHistogram(3);
    LoadWindow window = measure("50/s", 8, request -> request % 50 == 0 ? 400 : 0, truth);
    assertThat(window.answers()).isBetween(390L, 410L);
    assertSame(window.p99(), truth.getValueAtPercentile(99));
    assertThat(window.p50()).isLessThan(Duration.ofMillis(50));
    assertThat(window.perSecond()).isCloseTo(50, ERROR);
  }

  /** Any delay of 20 to 220 ms: many requests are under way at the same time. */
  @Test
  void medianAndP99AreThoseOfTheService() throws Exception {
    Random random = new Random(18);
    int[] delays = random.ints(4_000, 20, 220).toArray();
    Histogram truth = new ConcurrentHistogram(3);
    LoadWindow window = measure("200/s", 5, request -> delays[request % delays.length], truth);
    assertThat(window.answers()).isBetween(980L, 1_020L);
    assertSame(window.p50(), truth.getValueAtPercentile(50));
    assertSame(window.p99(), truth.getValueAtPercentile(99));
  }

  /** Delay of a request in milliseconds, by its number. */
  private interface Delays {
    int of(int request);
  }

  /**
   * Returns a window of the client.
   *
   * @param truth takes the time of each answer in microseconds, as the service measures it
   */
  private static LoadWindow measure(String rate, int seconds, Delays delays, Histogram truth)
      throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (RawService service =
            new RawService(
                socket -> {
                  long start = System.nanoTime();
                  Thread.sleep(delays.of(requests.getAndIncrement()));
                  truth.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
                  return RawService.answer(socket, "ok");
                });
        LoadClient client = client(service.address("/"), rate)) {
      client.start();
      TimeUnit.MILLISECONDS.sleep(1_500);
      client.skip();
      truth.reset();
      TimeUnit.SECONDS.sleep(seconds);
      return print(client.window());
    }
  }

  private static LoadClient client(HttpAddress address, String rate) {
    return new LoadClient(new LoadTarget(address, TIMEOUT), Rate.parse(rate));
  }

  private static LoadWindow print(LoadWindow window) {
    System.out.println(window);
    assertThat(window.firstFailure()).isNull();
    assertThat(window.failures()).isZero();
    return window;
  }

  private static void assertSame(Duration seen, long micros) {
    System.out.printf("client %d µs, service %d µs%n", seen.toNanos() / 1_000, micros);
    assertThat(seen.toNanos() / 1_000).isCloseTo(micros, ERROR);
  }

  /**
   * A stop of two seconds delays the hundred requests that are due meanwhile. A client that waits
   * for the answer before the next request would see one slow request.
   */
  @Test
  void aStopOfTheServiceShowsInEachRequestThatWasDue() throws Exception {
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "src/test/resources/PlainService.java")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String port = service.inputReader().readLine();
    try (LoadClient client = client(HttpAddress.parse("http://127.0.0.1:" + port + "/"), "50/s")) {
      client.start();
      TimeUnit.SECONDS.sleep(3);
      client.skip();
      TimeUnit.SECONDS.sleep(1);
      long stopped = System.nanoTime();
      Signal.send("STOP", service.pid());
      TimeUnit.SECONDS.sleep(2);
      Signal.send("CONT", service.pid());
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - stopped);
      TimeUnit.SECONDS.sleep(5);
      LoadWindow window = print(client.window());
      assertThat(window.answers()).isBetween(395L, 415L);
      assertThat(window.p50()).isLessThan(Duration.ofMillis(50));
      assertSame(window.p99(), truth(micros, window.answers(), 0.99));
      assertSame(window.p999(), truth(micros, window.answers(), 0.999));
    } finally {
      service.destroyForcibly().waitFor(Patience.seconds(10), TimeUnit.SECONDS);
    }
  }

  /** Returns the percentile of requests at 20 ms, of which those of the stop wait for its end. */
  private static long truth(long stopMicros, long requests, double share) {
    long[] times =
        LongStream.range(0, requests)
            .map(request -> Math.max(0, stopMicros - request * 20_000))
            .sorted()
            .toArray();
    return times[(int) Math.ceil(share * requests) - 1];
  }
}
