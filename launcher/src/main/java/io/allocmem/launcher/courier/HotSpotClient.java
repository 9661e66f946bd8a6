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
 * Client side of HotSpot's attach protocol, version 1, accepted by all JDKs since 6. Each word of
 * the request ends with a zero byte. The answer ends with the connection.
 */
record HotSpotClient(Path socket) {
  /** Maximum bytes of an answer: a status, a result, and an error text. */
  private static final int LONGEST = 8192;

  /**
   * Loads an agent's jar.
   *
   * @param agent jar path as the JVM sees the path, {@code =} and the agent's arguments
   * @return answer of the JVM
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
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(1024);
    while (answer.size() < LONGEST && channel.read(part) >= 0) {
      answer.write(part.array(), 0, part.position());
      part.clear();
    }
    return answer.toString(StandardCharsets.UTF_8);
  }
}
