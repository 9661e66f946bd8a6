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
import java.util.function.Function;
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

  /**
   * One window of the service, and at the same time of a service that answers at once.
   *
   * @param truth times of the answers in microseconds, as the service measures them
   * @param noise what this machine adds meanwhile
   */
  private record Measured(LoadWindow window, Histogram truth, LoadWindow noise) {
    void assertSame(double percent, Function<LoadWindow, Duration> time) {
      long seen = TimeUnit.NANOSECONDS.toMicros(time.apply(window).toNanos());
      long added = TimeUnit.NANOSECONDS.toMicros(time.apply(noise).toNanos());
      long service = truth.getValueAtPercentile(percent);
      System.out.printf("client %d µs, service %d µs, machine %d µs%n", seen, service, added);
      assertThat(seen).isBetween(service * 95 / 100, service * 105 / 100 + added);
    }
  }

  /** Delay of a request in milliseconds, by its number. */
  private interface Delays {
    int of(int request);
  }

  /** Two answers of a hundred take 400 ms. */
  @Test
  void rareSlowAnswersAreSeen() throws Exception {
    Measured measured = measure("50/s", 8, request -> request % 50 == 0 ? 400 : 0);
    LoadWindow window = measured.window();
    assertThat(window.answers()).isBetween(390L, 410L);
    measured.assertSame(99, LoadWindow::p99);
    assertThat(window.p50()).isLessThan(Duration.ofMillis(50));
    assertThat(window.perSecond()).isCloseTo(50, ERROR);
  }

  /** Any delay of 0.2 to 1 second: many requests are under way at the same time. */
  @Test
  void medianAndP99AreThoseOfTheService() throws Exception {
    Random random = new Random(18);
    int[] delays = random.ints(4_000, 200, 1_000).toArray();
    Measured measured = measure("100/s", 6, request -> delays[request % delays.length]);
    assertThat(measured.window().answers()).isBetween(590L, 620L);
    measured.assertSame(50, LoadWindow::p50);
    measured.assertSame(99, LoadWindow::p99);
  }

  private static Measured measure(String rate, int seconds, Delays delays) throws Exception {
    Histogram truth = new ConcurrentHistogram(3);
    AtomicInteger requests = new AtomicInteger();
    RawService.Behaviour delayed =
        socket -> {
          long start = System.nanoTime();
          TimeUnit.MILLISECONDS.sleep(delays.of(requests.getAndIncrement()));
          truth.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
          return RawService.answer(socket, "ok");
        };
    try (RawService service = new RawService(delayed);
        RawService plain = new RawService(socket -> RawService.answer(socket, "ok"));
        LoadClient client = client(service.address("/"), rate);
        LoadClient other = client(plain.address("/"), rate)) {
      client.start();
      other.start();
      TimeUnit.MILLISECONDS.sleep(1_500);
      client.skip();
      other.skip();
      truth.reset();
      TimeUnit.SECONDS.sleep(seconds);
      return new Measured(print(client.window()), truth, print(other.window()));
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
      long truth = truth(micros, window.answers(), 0.99);
      System.out.printf("client %s, service %d µs%n", window.p99(), truth);
      assertThat(window.p99().toNanos() / 1_000).isCloseTo(truth, ERROR);
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
