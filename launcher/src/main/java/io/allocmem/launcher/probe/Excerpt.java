package io.allocmem.launcher.probe;

import io.allocmem.control.Printable;
import java.nio.charset.StandardCharsets;

/** Last bytes of a text from the service, for a sentence about the failed check. */
final class Excerpt {
  /** Bytes that are kept: the longest line of a sentence, in characters of four bytes. */
  static final int BYTES = 800;

  private final byte[] last = new byte[BYTES];
  private long count;

  Excerpt() {}

  /** Adds the next bytes; only the last bytes are kept. */
  synchronized void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      last[(int) (count++ % BYTES)] = bytes[i];
    }
  }

  /** Returns a colon and the last line with text, printable and cut; empty without a line. */
  synchronized String toSuffix() {
    int kept = (int) Math.min(count, BYTES);
    byte[] text = new byte[kept];
    for (int i = 0; i < kept; i++) {
      text[i] = last[(int) ((count - kept + i) % BYTES)];
    }
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((earlier, later) -> later)
        .map(line -> ": " + Printable.name(line.strip()))
        .orElse("");
  }
}
