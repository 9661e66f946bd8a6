package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import io.allocmem.plan.ByteSize;

/**
 * Formats bytes for people, with a dash for unknown. The rule is {@link ByteSize#toHuman}: KiB, MiB
 * or GiB, at most four digits.
 */
public final class Sizes {
  private Sizes() {}

  /** Returns the formatted bytes; a dash for {@link Reading#UNKNOWN} and any negative value. */
  public static String of(long bytes) {
    return bytes < 0 ? "-" : ByteSize.ofBytes(bytes).toHuman();
  }
}
