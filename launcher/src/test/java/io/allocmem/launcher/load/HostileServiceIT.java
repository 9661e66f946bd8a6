package io.allocmem.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.probe.HttpAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Services that answer nothing, too much, or no HTTP: each request fails in time, and nothing stays
 * after the end of the client. Isolated: counts the threads of this JVM.
 */
@Isolated
class HostileServiceIT {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";

  private static final Map<String, RawService.Behaviour> SERVICES =
      Map.of(
          "silent", socket -> socket.getInputStream().read() >= 0,
          "half", socket -> sendAndWait(socket, HEAD + "\r\nab"),
          "cut", socket -> sendAndEnd(socket, HEAD + "\r\nab"),
          "mute", socket -> sendAndEnd(socket, ""),
          "dripping-head", socket -> drip(socket, HEAD),
          "dripping-body", socket -> drip(socket, "HTTP/1.1 200 OK\r\n\r\n"),
          "dripping-chunk",
              socket -> drip(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"),
          "endless-body", socket -> flood(socket, "HTTP/1.1 200 OK\r\n\r\n"),
          "endless-head", socket -> flood(socket, HEAD),
          "other", socket -> sendAndEnd(socket, "SSH-2.0-\u001b[2J\r\n"));

  private static boolean sendAndWait(Socket socket, String text) throws IOException {
    RawService.send(socket, text);
    return socket.getInputStream().read() >= 0;
  }

  private static boolean sendAndEnd(Socket socket, String text) throws IOException {
    RawService.send(socket, text);
    return false;
  }

  private static boolean drip(Socket socket, String text) throws IOException, InterruptedException {
    RawService.send(socket, text);
    while (true) {
      RawService.send(socket, "x");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean flood(Socket socket, String text) throws IOException {
    RawService.send(socket, text);
    while (true) {
      RawService.send(socket, "x".repeat(1 << 16));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "silent,         did not answer within 500 ms",
    "half,           did not answer within 500 ms",
    "cut,            did not answer: the service closed the connection before the end of the answer",
    "mute,           did not answer: the service closed the connection before the end of the answer",
    "dripping-head,  did not answer within 500 ms",
    "dripping-body,  did not answer within 500 ms",
    "dripping-chunk, did not answer within 500 ms",
    "endless-body,   did not answer",
    "endless-head,   did not answer: the head is longer than 64 KiB",
    "other,          did not answer: the answer is not HTTP/1.1"
  })
  void eachRequestFailsInTime(String name, String reason) throws Exception {
    try (RawService service = new RawService(SERVICES.get(name))) {
      HttpAddress address = service.address("/" + name + "?token=secret");
      try (LoadClient client = new LoadClient(new LoadTarget(address, TIMEOUT), new Rate(20))) {
        LoadWindow window = failingWindow(client);
        assertThat(window.failures()).isBetween(15L, 25L);
        assertThat(window.firstFailure()).startsWith("http://127.0.0.1:").doesNotContain("?");
        assertThat(window.firstFailure()).contains("/" + name + " " + reason);
      }
      assertNothingStays(service);
    }
  }

  /** Returns a window of a second, whose requests fail all; the window ends in time. */
  private static LoadWindow failingWindow(LoadClient client) throws InterruptedException {
    client.start();
    TimeUnit.SECONDS.sleep(2);
    long asked = System.nanoTime();
    LoadWindow window = client.window();
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isLessThan(TIMEOUT.plus(Patience.of(Duration.ofMillis(500))));
    assertThat(window.answers()).isZero();
    assertThat(window.perSecond()).isZero();
    assertThat(window.p50()).isGreaterThanOrEqualTo(TIMEOUT);
    return window;
  }

  private static void assertNothingStays(RawService service) {
    Awaitility.await().untilAsserted(() -> assertThat(service.open()).isZero());
    assertNoThreadStays();
  }

  private static void assertNoThreadStays() {
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(Thread::isAlive)
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("load"));
  }

  @Test
  void aPortWithoutServiceFailsEachRequest() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    for (String url : new String[] {"http://127.0.0.1:" + port, "http://no..host/"}) {
      LoadTarget target = new LoadTarget(HttpAddress.parse(url), TIMEOUT);
      try (LoadClient client = new LoadClient(target, new Rate(20))) {
        assertThat(failingWindow(client).firstFailure())
            .containsAnyOf(": Connection refused", " has a host that cannot be resolved");
      }
    }
    assertNoThreadStays();
  }

  @Test
  void anErrorOfTheServiceIsAFailure() throws Exception {
    RawService.Behaviour busy =
        socket -> {
          RawService.send(socket, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
          return true;
        };
    try (RawService service = new RawService(busy)) {
      LoadTarget target = new LoadTarget(service.address("/busy"), TIMEOUT);
      try (LoadClient client = new LoadClient(target, new Rate(20))) {
        assertThat(failingWindow(client).firstFailure()).endsWith("/busy answered 503");
      }
      assertThat(service.connections()).isLessThan(5);
      assertNothingStays(service);
    }
  }

  /** A service may close a kept connection after any answer, and says so or not. */
  @Test
  void aConnectionThatTheServiceClosesIsReplaced() throws Exception {
    RawService.Behaviour once = socket -> !RawService.answer(socket, "ok");
    try (RawService service = new RawService(once);
        LoadClient client =
            new LoadClient(new LoadTarget(service.address("/"), TIMEOUT), new Rate(100))) {
      client.start();
      TimeUnit.SECONDS.sleep(2);
      LoadWindow window = client.window();
      assertThat(window.firstFailure()).isNull();
      assertThat(window.answers()).isGreaterThan(90);
    }
  }

  /** 200 requests want to be under way at the same time, and 20 may. */
  @Test
  void requestsBeyondTheLimitWait() throws Exception {
    try (RawService service = new RawService(SERVICES.get("silent"))) {
      Duration timeout = Duration.ofSeconds(1);
      LoadTarget target = new LoadTarget(service.address("/"), timeout);
      try (LoadClient client = new LoadClient(target, new Rate(200), 20)) {
        client.start();
        Awaitility.await().until(() -> service.open() == 20);
        TimeUnit.SECONDS.sleep(2);
        assertThat(service.open()).isLessThanOrEqualTo(20);
        LoadWindow window = client.window();
        assertThat(window.answers()).isZero();
        assertThat(window.failures()).isGreaterThan(200);
        assertThat(window.p50()).isBetween(timeout, Patience.of(timeout.multipliedBy(2)));
      }
      assertNothingStays(service);
    }
  }

  /** Requests that waited are answered at last, and their wait counts. */
  @Test
  void theWaitForALimitCounts() throws Exception {
    RawService.Behaviour slow =
        socket -> {
          TimeUnit.MILLISECONDS.sleep(50);
          return RawService.answer(socket, "ok");
        };
    try (RawService service = new RawService(slow);
        LoadClient client =
            new LoadClient(
                new LoadTarget(service.address("/"), Duration.ofSeconds(20)), new Rate(40), 1)) {
      client.start();
      TimeUnit.SECONDS.sleep(3);
      LoadWindow window = client.window();
      assertThat(window.firstFailure()).isNull();
      assertThat(window.answers()).isGreaterThan(75);
      assertThat(window.p50()).isGreaterThan(Duration.ofMillis(1_500)); // half of the requests wait
      assertThat(window.perSecond()).isBetween(10.0, 20.5);
    }
  }
}
