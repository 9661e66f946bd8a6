package io.allocmem.launcher.courier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The client's side of HotSpot's attach protocol, version 1, which all JDKs since 6 take: each word
 * of the request ends with a zero byte, and the answer ends with the connection.
 */
record HotSpotClient(Path socket) {
  /** A status, a result, and the words of an error. */
  private static final int LONGEST = 8192;

  /**
   * Loads an agent's jar.
   *
   * @param agent its path as the JVM sees it, {@code =} and its arguments
   * @return what the JVM says
   */
  String load(String agent) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String request = "1\0load\0instrument\0false\0" + agent + "\0";
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return answer(channel);
    }
  }

  private static String answer(SocketChannel channel) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(1024);
    while (said.size() < LONGEST && channel.read(part) >= 0) {
      said.write(part.array(), 0, part.position());
      part.clear();
    }
    return said.toString(StandardCharsets.UTF_8);
  }
}
