package io.allocmem.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of HTTP/1.1 as services send them, and other bytes. */
class AnswerTest {
  private ServerSocket server;
  private Socket client;
  private Socket service;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    client = new Socket(server.getInetAddress(), server.getLocalPort());
    service = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    service.close();
    server.close();
  }

  private void send(String text) throws IOException {
    service.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static long inMillis(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK|Content-Length: 3||abc,                              200, true",
    "HTTP/1.1 200|content-length:3||abc,                                  200, true",
    "HTTP/1.1 204 No Content||,                                           204, true",
    "HTTP/1.1 304 Not Modified|Content-Length: 9||,                       304, true",
    "HTTP/1.1 100 Continue||HTTP/1.1 103 X|a: b||HTTP/1.1 404 No|Content-Length: 0||, 404, true",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3;x=y|abc|0A|0123456789|0|t: r||, 200, true",
    "'HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked|Content-Length: 99||0||', 200, true",
    "HTTP/1.1 200 OK|Content-Length: 3|Connection: Close||abc,            200, false",
    "HTTP/1.0 503 Busy|Content-Length: 3||abc,                            503, false",
    "HTTP/1.1 200 OK|Content-Length: 3||abcd,                             200, false"
  })
  void anAnswerEndsWithItsBody(String text, int status, boolean lasting) throws IOException {
    send(text.replace("|", "\r\n"));
    Answer answer = new Answer(client);
    assertThat(answer.read(inMillis(10_000))).isEqualTo(status);
    assertThat(answer.isLasting()).isEqualTo(lasting);
  }

  @Test
  void aBodyWithoutLengthEndsWithTheConnection() throws IOException {
    send("HTTP/1.1 200 OK\r\n\r\nabc");
    service.close();
    Answer answer = new Answer(client);
    assertThat(answer.read(inMillis(10_000))).isEqualTo(200);
    assertThat(answer.isLasting()).isFalse();
  }

  @Test
  void answersFollowEachOther() throws IOException {
    Answer answer = new Answer(client);
    for (int status : new int[] {200, 500, 200}) {
      send("HTTP/1.1 " + status + " X\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
      assertThat(answer.read(inMillis(10_000))).isEqualTo(status);
      assertThat(answer.isLasting()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SSH-2.0-OpenSSH|,                                        is not HTTP/1.1",
    "HTTP/2 200|,                                             is not HTTP/1.1",
    "HTTP/1.1 200 OK|Content-Length: -1||,                    no valid Content-Length",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-1|,         no valid chunks",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||x|,          no valid chunks",
    "HTTP/1.1 200 OK|Content-Length: 99999999999||BODY,       longer than 16 MiB",
    "HTTP/1.1 200 OK|x: HEAD,                                 longer than 64 KiB",
    "HTTP/1.1 200 OK|Content-Length: 3||ab,                   before the end of the answer",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|,      before the end of the answer",
    "HTTP/1.1 200,                                            before the end of the answer"
  })
  void otherBytesAreNoAnswer(String text, String reason) throws IOException {
    Thread sender = new Thread(() -> sendAll(text));
    sender.start();
    assertThatThrownBy(() -> new Answer(client).read(inMillis(20_000)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  private void sendAll(String text) {
    try (Socket sending = service) {
      send(text.replace("|", "\r\n").replaceAll("BODY|HEAD", ""));
      for (int i = 0; i < 300 && !sending.isClosed() && text.matches(".*(BODY|HEAD)"); i++) {
        send("x".repeat(64 << 10));
      }
    } catch (IOException closed) {
      return;
    }
  }

  /** The whole answer has one time limit, however many bytes come. */
  @Test
  void anAnswerThatDripsIsLate() throws IOException {
    Thread sender = new Thread(this::drip);
    sender.start();
    long start = System.nanoTime();
    assertThatThrownBy(() -> new Answer(client).read(inMillis(300)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(299));
    client.close();
  }

  private void drip() {
    try {
      send("HTTP/1.1 200 OK\r\n");
      while (true) {
        send("x");
        Thread.sleep(10);
      }
    } catch (IOException | InterruptedException closed) {
      return;
    }
  }
}
