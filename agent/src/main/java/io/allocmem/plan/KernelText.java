package io.allocmem.plan;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Text of a kernel file, one character per byte: a name in any encoding must not hide a line. Reads
 * without channels and decoders, whose 20 classes a plan would otherwise load into its JVM.
 */
public final class KernelText {
  private static final int PIECE = 2048;

  private KernelText() {}

  /**
   * Returns the whole text.
   *
   * @param most maximum number of bytes
   * @throws IOException if the file cannot be read, or is longer
   */
  public static String of(String path, int most) throws IOException {
    byte[] text = new byte[Math.min(PIECE, most)];
    int length = 0;
    try (InputStream in = new FileInputStream(path)) {
      for (int read = in.read(text); read > 0; read = in.read(text, length, text.length - length)) {
        length += read;
        if (length == text.length && length == most) {
          throw new IOException("too many lines in " + path);
        }
        text = length == text.length ? Arrays.copyOf(text, larger(length, most)) : text;
      }
    }
    return new String(text, 0, length, Charsets.ISO_8859_1);
  }

  private static int larger(int length, int most) {
    return (int) Math.min(most, 2L * length);
  }
}
