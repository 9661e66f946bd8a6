package io.allocmem.plan;

import java.nio.charset.Charset;

/**
 * Charsets that each JVM has loaded at its start. {@code java.nio.charset.StandardCharsets} would
 * load the classes of further charsets as well: three on JDK 11, six on JDK 25.
 */
public final class Charsets {
  /** Charset of texts of the JVM and of users. */
  public static final Charset UTF_8 = Charset.forName("UTF-8");

  /** Charset that maps each byte to one character. */
  public static final Charset ISO_8859_1 = Charset.forName("ISO-8859-1");

  /** Charset of names that the kernel or the protocol defines. */
  public static final Charset US_ASCII = Charset.forName("US-ASCII");

  private Charsets() {}
}
