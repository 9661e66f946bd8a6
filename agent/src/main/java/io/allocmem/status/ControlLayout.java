package io.allocmem.status;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The control file's bytes, big-endian, for both of its ends. An agent and a launcher of different
 * versions meet here, so the protocol only grows: a field keeps its place and meaning for ever, a
 * new one comes where no older protocol wrote (bytes that were zero, or behind the message), and
 * raises the number. A reader takes the fields that both numbers have: of a newer file those that
 * it knows, of an older one those that were there, the others are not measured. A command that an
 * agent does not know is acknowledged, and does nothing. 4096 bytes:
 *
 * <pre>
 *    0  "allocmem"                  8 bytes, written last when the file is made
 *    8  protocol                    int, 3
 *   16  agent version, java.version, main class, plan as agent arguments: texts
 * 2040  start time of the process   long, clock ticks since boot, -1 unknown; since protocol 2
 * 2048  command sequence, command   two ints, written together by the launcher
 * 2056  renewals of the lease       long, written by the launcher
 * 2064  who sent the command        written by the launcher before the command; since protocol 3
 *       pid                         long
 *       the command's sequence      int: another than at 2048 if the sender did not say
 *       user                        length in bytes (short) and at most 64 bytes of ASCII
 * 2560  acknowledged sequence       int, from here on written by the agent as one record
 *       phase                       int
 *       heartbeat (ms since 1970), blocks, committed, touched, resident, RSS before, RSS,
 *       heap used, heap max, region waste, heap live, heap live before, container used,
 *       container used before, container capacity
 *                                   longs, -1 where not measured
 *       message                     text
 * 3104  collections, pauses (ms), due (ms since 1970), given back
 *                                   longs, -1 where not measured; since protocol 3
 * 4080  CRC-32 of the record        long: a reader that sees another sum reads again
 * 4095  locked by the agent for its plan's life, by fcntl(2): the kernel drops it with the process
 * </pre>
 *
 * A text is its length in bytes (short) and UTF-8.
 */
public final class ControlLayout {
  /** Bytes in the file. */
  public static final int SIZE = 4096;

  /** Offset of the command: its sequence number and its ordinal, two ints. */
  public static final int COMMAND = 2048;

  /** Offset of the number of times that the lease was renewed, a long. */
  public static final int RENEWALS = 2056;

  /** Offset of who sent the command: {@link Sender#SIZE} bytes. */
  public static final int SENDER = 2064;

  /** Offset of the byte that a living plan keeps locked. */
  public static final int LOCK = 4095;

  /** The most bytes of a status message. */
  public static final int MESSAGE_BYTES = 400;

  static final int STATUS = 2560;
  static final int RECORD_3 = 3104;
  static final int CHECKSUM = 4080;

  /** The protocol that this code writes. */
  public static final int PROTOCOL = 3;

  static final byte[] MAGIC = "allocmem".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 16;
  private static final int STARTED = 2040;
  private static final int STARTED_SINCE = 2;
  private static final int LONGEST_TEXT = 480;

  private ControlLayout() {}

  /** Reads what the agent wrote; null when the record is torn or not there yet: read again. */
  public static Status read(byte[] file) {
    if (!isControlFile(file) || file.length < LOCK) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    if (in.getLong(CHECKSUM) != checksum(new CRC32(), file)) {
      return null;
    }
    return new Status(new Reader(in));
  }

  /** Whether it begins as one, of whatever protocol; one that is being made does not yet. */
  public static boolean isControlFile(byte[] beginning) {
    if (beginning.length < MAGIC.length) {
      return false;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (beginning[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  static long checksum(CRC32 crc, byte[] file) {
    crc.reset();
    crc.update(file, STATUS, CHECKSUM - STATUS);
    return crc.getValue();
  }

  static void writeFixed(ByteBuffer out, long started, String... texts) {
    out.position(MAGIC.length);
    out.putInt(PROTOCOL);
    out.putLong(STARTED, started);
    out.position(FIXED);
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(bytes.length, LONGEST_TEXT);
      out.putShort((short) length).put(bytes, 0, length);
    }
  }

  /** Allocates nothing. */
  static void writeStatus(ByteBuffer out, int acknowledged, long heartbeatMillis, Counters now) {
    out.position(STATUS);
    out.putInt(acknowledged).putInt(now.phase.ordinal()).putLong(heartbeatMillis);
    out.putLong(now.blocks).putLong(now.committed).putLong(now.touched).putLong(now.resident);
    out.putLong(now.rssBefore).putLong(now.rss).putLong(now.heapUsed).putLong(now.heapMax);
    out.putLong(now.regionWaste).putLong(now.heapLive).putLong(now.heapLiveBefore);
    out.putLong(now.containerUsed).putLong(now.containerUsedBefore).putLong(now.containerCapacity);
    out.putShort((short) now.message.length());
    out.put(now.message.buffer(), 0, now.message.length());
    out.position(RECORD_3);
    out.putLong(now.collections).putLong(now.pauseMillis).putLong(now.dueMillis);
    out.putLong(now.givenBack);
  }

  /** Takes the fields in their order. */
  static final class Reader {
    private static final Phase[] PHASES = Phase.values();
    private final ByteBuffer in;

    Reader(ByteBuffer in) {
      this.in = in;
      in.position(FIXED);
    }

    void seek(int offset) {
      in.position(offset);
    }

    int integer() {
      return in.getInt();
    }

    long number() {
      return in.getLong();
    }

    /** A number that only files of that protocol have, and newer ones. */
    long numberSince(int since) {
      long number = in.getLong();
      return protocol() < since ? ProcessReadings.UNKNOWN : number;
    }

    int protocol() {
      return in.getInt(MAGIC.length);
    }

    long started() {
      return protocol() < STARTED_SINCE ? ProcessReadings.UNKNOWN : in.getLong(STARTED);
    }

    Phase phase() {
      int ordinal = in.getInt();
      return ordinal >= 0 && ordinal < PHASES.length ? PHASES[ordinal] : Phase.OTHER;
    }

    String text() {
      byte[] bytes = new byte[in.getShort()];
      in.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
