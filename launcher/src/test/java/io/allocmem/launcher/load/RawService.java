package io.allocmem.launcher.load;

import io.allocmem.launcher.probe.HttpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Service that sends any bytes as an answer, with a thread for each connection. */
final class RawService implements AutoCloseable {
  /** Answers one request. */
  interface Behaviour {
    /** Returns whether the connection stays open for the next request. */
    boolean answer(Socket socket) throws IOException, InterruptedException;
  }

  private final ServerSocket server = new ServerSocket(0, 5_000, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final Behaviour behaviour;

  RawService(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(null, work, "raw service", 128 << 10);
    thread.setDaemon(true);
    thread.start();
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends an answer with this body, and keeps the connection. */
  static boolean answer(Socket socket, String body) throws IOException {
    send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    return true;
  }

  HttpAddress address(String path) {
    return HttpAddress.parse("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  /** Returns the number of connections that the client has not closed. */
  int open() {
    return open.size();
  }

  /** Returns the number of connections since the start. */
  int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      boolean on = true;
      while (on && in.readLine() != null) {
        while (!in.readLine().isEmpty()) {
          continue;
        }
        on = behaviour.answer(socket);
      }
    } catch (IOException | InterruptedException gone) {
      return;
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
