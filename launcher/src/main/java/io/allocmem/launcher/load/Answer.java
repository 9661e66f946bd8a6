package io.allocmem.launcher.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads answers of HTTP/1.1 from a connection, one after the other, and keeps none of the bytes.
 */
final class Answer {
  /** Head of an answer, with the lines of a body in chunks: longer heads are no answer. */
  private static final int MOST_HEAD_BYTES = 64 << 10;

  /** Longer bodies are taken for bodies without an end. */
  static final long MOST_BODY_BYTES = 16L << 20;

  private static final int LAST_INTERIM = 199;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int HEX = 16;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) (\\d{3})(?: .*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,15})[ \\t]*(?:;.*)?");

  private final Socket socket;
  private final InputStream in;
  private final byte[] bytes = new byte[8 << 10];
  private int at;
  private int filled;
  private long deadline;
  private int headBytes;
  private long bodyBytes;

  private boolean lasting;
  private boolean chunked;
  private long length;

  Answer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** Begins an answer, before its request is sent. */
  void begin() {
    headBytes = 0;
  }

  /**
   * Reads one answer to the end of its body, and returns the status.
   *
   * @param until deadline on the clock of {@code System.nanoTime}
   * @throws SocketTimeoutException if the answer is late
   * @throws IOException if the connection ends within the answer, or the answer is not HTTP
   */
  int read(long until) throws IOException {
    deadline = until;
    bodyBytes = 0;
    int status;
    do {
      status = head();
    } while (status <= LAST_INTERIM);
    if (status != NO_CONTENT && status != NOT_MODIFIED) {
      body();
    }
    return status;
  }

  /** Returns whether the service keeps the connection, and no byte of another answer is left. */
  boolean isLasting() {
    return lasting && at == filled;
  }

  /** Returns whether a byte of the answer has come. */
  boolean isBegun() {
    return headBytes > 0;
  }

  private int head() throws IOException {
    Matcher status = STATUS.matcher(line());
    if (!status.matches()) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    lasting = status.group(1).equals("1");
    chunked = false;
    length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        header(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return Integer.parseInt(status.group(2));
  }

  private void header(String name, String value) throws IOException {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "connection" -> lasting &= !value.equalsIgnoreCase("close");
      case "transfer-encoding" -> chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
      case "content-length" -> {
        if (!LENGTH.matcher(value).matches()) {
          throw new IOException("the answer has no valid Content-Length");
        }
        length = Long.parseLong(value);
      }
      default -> {}
    }
  }

  private void body() throws IOException {
    if (chunked) {
      chunks();
    } else if (length >= 0) {
      skip(length);
    } else {
      lasting = false;
      while (hasByte()) {
        count(filled - at);
        at = filled;
      }
    }
  }

  private void chunks() throws IOException {
    for (long size = chunk(); size > 0; size = chunk()) {
      skip(size);
      line();
    }
    while (!line().isEmpty()) { // trailers
      continue;
    }
  }

  private long chunk() throws IOException {
    Matcher size = CHUNK.matcher(line());
    if (!size.matches()) {
      throw new IOException("the answer has no valid chunks");
    }
    headBytes = 1; // each chunk has lines of its own; count() bounds the chunks
    count(1);
    return Long.parseLong(size.group(1), HEX);
  }

  private void skip(long size) throws IOException {
    for (long left = size; left > 0; ) {
      require(hasByte());
      int step = (int) Math.min(left, filled - at);
      count(step);
      at += step;
      left -= step;
    }
  }

  private void count(int more) throws IOException {
    bodyBytes += more;
    if (bodyBytes > MOST_BODY_BYTES) {
      throw new IOException("the body is longer than " + (MOST_BODY_BYTES >> 20) + " MiB");
    }
  }

  /** Returns the next line without its end. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      require(hasByte());
      int end = at;
      while (end < filled && bytes[end] != '\n') {
        end++;
      }
      headBytes += end - at + 1;
      if (headBytes > MOST_HEAD_BYTES) {
        throw new IOException("the head is longer than " + (MOST_HEAD_BYTES >> 10) + " KiB");
      }
      line.append(new String(bytes, at, end - at, StandardCharsets.ISO_8859_1));
      at = Math.min(end + 1, filled);
      if (end < filled) {
        return line.toString().stripTrailing();
      }
    }
  }

  private static void require(boolean connected) throws IOException {
    if (!connected) {
      throw new IOException("the service closed the connection before the end of the answer");
    }
  }

  /** Returns whether a byte is left to read; false at the end of the connection. */
  private boolean hasByte() throws IOException {
    if (at == filled) {
      socket.setSoTimeout(millisTo(deadline));
      at = 0;
      filled = Math.max(0, in.read(bytes));
    }
    return at < filled;
  }

  /**
   * Returns the time to a deadline in milliseconds, 1 at least.
   *
   * @throws SocketTimeoutException after the deadline
   */
  static int millisTo(long deadline) throws SocketTimeoutException {
    long nanos = deadline - System.nanoTime();
    if (nanos <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
  }
}
