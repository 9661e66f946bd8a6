package io.allocmem.launcher.load;

import io.allocmem.launcher.probe.HttpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Connection to a service, for one GET at a time. Follows no redirect, and uses no proxy. The
 * service may keep the connection, as it does for a real client.
 *
 * <p>Uses sockets instead of HttpURLConnection, which sends a GET a second time after any broken
 * connection, limits each read instead of the whole answer, and whose {@code disconnect} can wait
 * for a thread that reads.
 */
final class Connection implements Closeable {
  private final HttpAddress address;
  private final byte[] request;
  private final Socket raw = new Socket(Proxy.NO_PROXY);
  private Socket socket;
  private Answer answer;
  private volatile long idleSince;

  Connection(HttpAddress address) {
    this.address = address;
    String head =
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: allocmem\r\nAccept: */*\r\n\r\n"
            .formatted(address.requestTarget(), address.authority());
    request = head.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Sends a GET, and returns the status after the end of the body.
   *
   * @param deadline end of the time limit, on the clock of {@code System.nanoTime}
   * @throws StaleException if a kept connection ends before the first byte of the answer: the
   *     service closed the connection while it was idle
   */
  int get(long deadline) throws IOException {
    boolean kept = socket != null;
    if (!kept) {
      connect(deadline);
    }
    socket.setSoTimeout(Answer.millisTo(deadline));
    int status;
    answer.begin();
    try {
      socket.getOutputStream().write(request);
      status = answer.read(deadline);
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (IOException e) {
      throw kept && !answer.isBegun() ? new StaleException(e) : e;
    }
    idleSince = System.nanoTime();
    return status;
  }

  private void connect(long deadline) throws IOException {
    InetSocketAddress place = new InetSocketAddress(address.host(), address.port());
    if (place.isUnresolved()) {
      throw new UnknownHostException(address.host());
    }
    raw.setTcpNoDelay(true);
    raw.connect(place, Answer.millisTo(deadline));
    socket = address.isSecure() ? secure(deadline) : raw;
    answer = new Answer(socket);
  }

  private Socket secure(long deadline) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secure = (SSLSocket) factory.createSocket(raw, address.host(), address.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.setSoTimeout(Answer.millisTo(deadline));
    secure.startHandshake();
    return secure;
  }

  /** Returns whether the connection can take another GET. */
  boolean isLasting() {
    return answer.isLasting();
  }

  /** Returns the end of the last answer, on the clock of {@code System.nanoTime}. */
  long idleSince() {
    return idleSince;
  }

  /** Closes the socket below a TLS connection as well. Any thread may call, and never waits. */
  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException closed) {
      return;
    }
  }
}
