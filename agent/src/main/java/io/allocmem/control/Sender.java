package io.allocmem.control;

import io.allocmem.plan.Charsets;
import java.nio.ByteBuffer;

/**
 * Sender of a command, for the log: a user and a pid beside the command in the control file, see
 * {@link ControlLayout}. Written by launchers, read by the plan's thread.
 */
public final class Sender {
  /** Number of bytes that a launcher writes, at {@link ControlLayout#SENDER}. */
  public static final int SIZE = 78;

  /** Offset of the sequence number of the command, an int. */
  static final int SEQUENCE = 8;

  private static final int LENGTH = 12;
  private static final int USER = 14;

  private Sender() {}

  /**
   * Returns the bytes that a launcher writes before the command.
   *
   * @param sequence sequence number of the command: an older launcher does not overwrite these
   *     bytes at its next command
   */
  public static ByteBuffer of(int sequence, String user, long pid) {
    byte[] ascii = user.getBytes(Charsets.US_ASCII);
    int length = Math.min(ascii.length, SIZE - USER);
    ByteBuffer out = ByteBuffer.allocate(SIZE);
    out.putLong(pid).putInt(sequence).putShort((short) length).put(ascii, 0, length);
    out.rewind();
    return out;
  }

  /** Appends the sender of a command: {@code root (pid 4711)}. Allocates nothing. */
  static void append(ByteBuffer file, int at, int sequence, AsciiLine to) {
    if (file.getInt(at + SEQUENCE) != sequence) {
      to.append("a launcher");
      return;
    }
    int length = Math.max(0, Math.min(SIZE - USER, file.getShort(at + LENGTH)));
    to.append(file.array(), at + USER, length);
    to.append(" (pid ").append(Math.max(0, file.getLong(at))).append(")");
  }
}
