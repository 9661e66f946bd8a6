package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.allocmem.launcher.fixtures.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs as checks. */
class UrlCheckTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/up", exchange -> answer(exchange, 200, "fine"));
    server.createContext("/down", exchange -> answer(exchange, 503, "no\u001b]0;x\u0007\nDOWN\n"));
    server.createContext("/moved", this::move);
    server.createContext("/silent", exchange -> await());
    server.createContext("/endless", this::stall);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void move(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Location", url("/up"));
    answer(exchange, 302, "");
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the headers, and the body never ends. */
  private void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write('x');
    exchange.getResponseBody().flush();
    await();
  }

  private String url(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  private static String failure(String url, int expected, Duration within)
      throws InterruptedException {
    return new UrlCheck(HttpAddress.parse(url), expected, within).failure();
  }

  @Test
  void theStatusDecides() throws Exception {
    assertThat(failure(url("/up"), 200, LONG)).isNull();
    assertThat(failure(url("/down"), 503, LONG)).isNull();
    assertThat(failure(url("/moved"), 302, LONG)).isNull();
    assertThat(failure(url("/up"), 204, LONG)).endsWith("/up answered 200 instead of 204: fine");
    assertThat(failure(url("/moved"), 200, LONG)).endsWith("/moved answered 302 instead of 200");
    assertThat(failure(url("/down?token=secret"), 200, LONG))
        .endsWith("/down answered 503 instead of 200: DOWN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/silent", "/endless"})
  void theTimeLimitHoldsForTheWholeAnswer(String path) throws Exception {
    long start = System.nanoTime();
    assertThat(failure(url(path), 200, SHORT)).endsWith(path + " did not answer within 300 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(Patience.of(Duration.ofSeconds(1)));
  }

  @Test
  void aServiceThatCannotBeReachedFails() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(failure("http://localhost:" + port, 200, LONG)).contains("did not answer: ");
    assertThat(failure("http://no-such-host.invalid/", 200, LONG))
        .containsAnyOf("has a host that cannot be resolved", "did not answer");
  }

  @Test
  void noProxyAnswersForTheService() throws Exception {
    System.setProperty("http.proxyHost", "localhost");
    System.setProperty("http.proxyPort", "1");
    System.setProperty("http.nonProxyHosts", "");
    try {
      assertThat(failure(url("/up"), 200, LONG)).isNull();
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
      System.clearProperty("http.nonProxyHosts");
    }
  }

  /** Each read is in time, and the head never ends. */
  @Test
  void aLateCheckKeepsNoConnection() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Future<Boolean> closed = threads.submit(() -> isClosedWhileDripping(server));
      HttpAddress url = HttpAddress.parse("http://127.0.0.1:" + server.getLocalPort() + "/");
      assertThat(new UrlCheck(url, 200, SHORT).failure()).contains("did not answer within 300 ms");
      assertThat(closed.get(Patience.seconds(10), TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Returns true once the client has closed the connection. */
  private static boolean isClosedWhileDripping(ServerSocket server) throws Exception {
    try (Socket client = server.accept()) {
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        client.getOutputStream().write('x');
        Thread.sleep(20);
      }
    } catch (IOException gone) {
      return true;
    }
  }
}
