package io.allocmem.launcher.probe;

import io.allocmem.launcher.process.ForeignFiles.LateException;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Check by a GET of a URL: the expected status within the time limit passes. Follows no redirect,
 * uses no proxy, and makes a new connection each time, so an overloaded service cannot pass by an
 * old one. Uses HttpURLConnection of java.base: the client of java.net.http would add a module to
 * the runtime of the bundle.
 */
public final class UrlCheck implements ServiceCheck {
  /** Bytes of the body that the check waits for. */
  private static final int MOST_BYTES = 64 << 10;

  private final HttpAddress address;
  private final int expected;
  private final Duration within;

  /**
   * @param expected status of a service that passes
   * @param within time limit from the name's resolution to the end of the body
   */
  public UrlCheck(HttpAddress address, int expected, Duration within) {
    this.address = address;
    this.expected = expected;
    this.within = within;
  }

  @Override
  public String failure() throws InterruptedException {
    Excerpt body = new Excerpt();
    AtomicReference<HttpURLConnection> open = new AtomicReference<>();
    try {
      int status = TimeLimit.within(within.toMillis(), address.named(), () -> status(body, open));
      return status == expected
          ? null
          : "%s answered %d instead of %d%s"
              .formatted(address.named(), status, expected, body.toSuffix());
    } catch (LateException | SocketTimeoutException late) {
      return "%s did not answer within %d ms".formatted(address.named(), within.toMillis());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return address.unanswered(e);
    } finally {
      end(open.get());
    }
  }

  /** Closes the socket of a late check: a service that sends byte by byte would keep a thread. */
  private static void end(HttpURLConnection connection) {
    if (connection != null) {
      connection.disconnect();
    }
  }

  /** Runs in a thread that nobody waits for after the time limit. */
  private int status(Excerpt body, AtomicReference<HttpURLConnection> open) throws IOException {
    long start = System.nanoTime();
    HttpURLConnection get = (HttpURLConnection) address.url().openConnection(Proxy.NO_PROXY);
    open.set(get);
    int millis = (int) Math.min(Integer.MAX_VALUE, within.toMillis());
    get.setConnectTimeout(millis);
    get.setReadTimeout(millis);
    get.setInstanceFollowRedirects(false);
    get.setUseCaches(false);
    get.setRequestProperty("User-Agent", "allocmem");
    get.setRequestProperty("Accept", "*/*");
    get.setRequestProperty("Connection", "close");
    try {
      int status = get.getResponseCode();
      if (status < 0) {
        throw new IOException("the answer is not HTTP");
      }
      try (InputStream in = bodyOf(get, status)) {
        read(in, body, start + within.toNanos());
      }
      return status;
    } finally {
      get.disconnect();
    }
  }

  private static InputStream bodyOf(HttpURLConnection connection, int status) throws IOException {
    InputStream error = connection.getErrorStream();
    if (error != null) {
      return error;
    }
    return status >= HttpURLConnection.HTTP_BAD_REQUEST
        ? InputStream.nullInputStream()
        : connection.getInputStream();
  }

  private static void read(InputStream in, Excerpt body, long deadline) throws IOException {
    byte[] bytes = new byte[Excerpt.BYTES];
    int count = 0;
    int total = 0;
    while (count >= 0 && total < MOST_BYTES && System.nanoTime() - deadline < 0) {
      count = in.read(bytes);
      body.add(bytes, Math.max(0, count));
      total += Math.max(0, count);
    }
  }
}
