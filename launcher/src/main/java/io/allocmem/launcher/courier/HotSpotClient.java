package io.allocmem.launcher.courier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Client side of HotSpot's attach protocol. Each word of a request ends with a zero byte. The
 * answer ends with the connection.
 *
 * <p>All JDKs since 6 accept version 1, which limits each word. Version 2 has no such limit, and
 * gives the length of the words after its number. JDK 24 and newer accept version 2. The client
 * asks a JVM for its version only if a word is too long for version 1.
 */
record HotSpotClient(Path socket) {
  /** Maximum bytes of an answer: a status, a result, and an error text. */
  private static final int LONGEST = 8192;

  /**
   * Maximum bytes of a word in version 1 (attachListener.hpp, arg_length_max). A longer word ends
   * the request without the operation.
   */
  private static final int LONGEST_WORD = 1023;

  /** Answer to the operation getversion if the JVM accepts version 2 or a newer version. */
  private static final Pattern VERSION_2 = Pattern.compile("0\n([2-9]|[1-9]\\d{1,3})\\b.*");

  /**
   * Loads an agent's jar.
   *
   * @param agent jar path as the JVM sees the path, {@code =} and the agent's arguments
   * @return answer of the JVM
   */
  String load(String agent) throws IOException {
    String words = "load\0instrument\0false\0" + agent + "\0";
    if (bytes(agent) <= LONGEST_WORD) {
      return ask("1\0" + words);
    }
    if (!VERSION_2.matcher(ask("1\0getversion\0\0\0\0").strip()).matches()) {
      throw new IOException(AttachClient.TOO_LONG);
    }
    return ask("2\0" + bytes(words) + "\0" + words);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
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
