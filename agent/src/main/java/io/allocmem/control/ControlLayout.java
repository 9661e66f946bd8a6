package io.allocmem.control;

import java.io.IOException;
import java.nio.BufferUnderflowException;
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
 *    8  protocol                    int, 4
 *   16  agent version, java.version, main class, plan as agent arguments: texts; the first three
 *       are cut where they are too long, and end with "..." then
 * 2032  boot time of the agent's time namespace, beyond the machine's
 *                                   long, nanoseconds, may be negative; since protocol 4
 * 2040  start time of the process   long, clock ticks since boot in the agent's time namespace,
 *                                   -1 unknown; since protocol 2
 * 2048  command sequence, command   two ints, written together by the launcher
 * 2056  renewals of the lease       long, written by the launcher
 * 2064  who sent the command        written by the launcher before the command; since protocol 3
 *       pid                         long
 *       the command's sequence      int: another than at 2048 if the sender did not say
 *       user                        length in bytes (short) and at most 64 bytes of ASCII
 * 2144  release                     sequence and command, two ints as at 2048, then who sent it, as
 *                                   at 2064; since protocol 4. A RELEASE or RELEASE_AND_COLLECT,
 *                                   which no later command takes back: never written over but by
 *                                   a RELEASE_AND_COLLECT. The launcher writes the sender, then
 *                                   the two ints, then the same command at 2064 and 2048, where
 *                                   older agents look
 * 2560  acknowledged sequence       int, from here on written by the agent as one record
 *       phase                       int
 *       heartbeat                   long, milliseconds since 1970
 *       readings of protocol 1      longs in the order of {@link Reading}, -1 where not measured
 *       message                     text
 * 3104  readings of protocol 3 and later
 *                                   the same
 * 4080  CRC-32 of the record        long: a reader that sees another sum reads again
 * 4095  locked by the agent for its plan's life, by fcntl(2): the kernel drops it with the process,
 *       and earlier when anything in that process opens and closes this file. A plan whose lock is
 *       gone lives while its process does, by pid and start time, and while its heartbeat moves
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

  /** Offset of the release: its sequence number and its ordinal, two ints. */
  public static final int RELEASE = 2144;

  /** Offset of who sent the release: {@link Sender#SIZE} bytes. */
  public static final int RELEASE_SENDER = RELEASE + 2 * Integer.BYTES;

  /** Offset of the byte that a living plan keeps locked. */
  public static final int LOCK = 4095;

  /** The most bytes of a status message. */
  public static final int MESSAGE_BYTES = 400;

  /** The most bytes of a plan as agent arguments, in UTF-8. */
  public static final int ARGUMENTS_BYTES = 1300;

  static final int STATUS = 2560;
  static final int RECORD_3 = 3104;
  static final int CHECKSUM = 4080;

  /** The protocol that this code writes. */
  public static final int PROTOCOL = 4;

  static final byte[] MAGIC = "allocmem".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 16;
  private static final int BOOT_OFFSET = 2032;
  private static final int BOOT_OFFSET_SINCE = 4;
  private static final int STARTED = 2040;
  private static final int STARTED_SINCE = 2;
  static final int LONGEST_VERSION = 100;
  static final int LONGEST_MAIN = 480;
  private static final String CUT = "...";

  private ControlLayout() {}

  /**
   * Reads what the agent wrote; null when the record is torn or not there yet, to be read again, or
   * is none that an agent writes.
   */
  public static Status read(byte[] file) {
    if (!isControlFile(file) || file.length < LOCK) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    if (in.getLong(CHECKSUM) != checksum(new CRC32(), file)) {
      return null;
    }
    try {
      return new Status(new Reader(in));
    } catch (BufferUnderflowException noRecord) {
      return null;
    }
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

  /**
   * Writes what stays the same for the plan's life.
   *
   * @throws IOException with a sentence, when the arguments have no room: they are never cut
   */
  static void writeFixed(
      ByteBuffer out, String agentVersion, String jdk, String main, String arguments)
      throws IOException {
    byte[] plan = arguments.getBytes(StandardCharsets.UTF_8);
    if (plan.length > ARGUMENTS_BYTES) {
      throw new IOException(
          "the plan's options take "
              + plan.length
              + " bytes, the control file has room for "
              + ARGUMENTS_BYTES
              + ": shorten them");
    }
    out.position(MAGIC.length);
    out.putInt(PROTOCOL);
    out.putLong(BOOT_OFFSET, StartTime.bootOffset());
    out.putLong(STARTED, StartTime.of("self"));
    out.position(FIXED);
    putText(out, cut(agentVersion, LONGEST_VERSION));
    putText(out, cut(jdk, LONGEST_VERSION));
    putText(out, cut(main, LONGEST_MAIN));
    putText(out, plan);
  }

  private static void putText(ByteBuffer out, byte[] text) {
    out.putShort((short) text.length).put(text);
  }

  /** At most so many bytes of UTF-8, whole characters, and visibly cut. */
  private static byte[] cut(String text, int most) {
    byte[] whole = text.getBytes(StandardCharsets.UTF_8);
    if (whole.length <= most) {
      return whole;
    }
    int end = most - CUT.length();
    while ((whole[end] & 0xc0) == 0x80) { // the rest of a character
      end--;
    }
    String kept = new String(whole, 0, end, StandardCharsets.UTF_8);
    return (kept + CUT).getBytes(StandardCharsets.UTF_8);
  }

  /** Allocates nothing. */
  static void writeStatus(ByteBuffer out, int acknowledged, long heartbeatMillis, Counters now) {
    out.position(STATUS);
    out.putInt(acknowledged).putInt(now.phase.ordinal()).putLong(heartbeatMillis);
    putReadings(out, now, 0, Reading.IN_FIRST);
    AsciiLine message = now.shownMessage();
    out.putShort((short) message.length()).put(message.buffer(), 0, message.length());
    out.position(RECORD_3);
    putReadings(out, now, Reading.IN_FIRST, Reading.COUNT);
  }

  private static void putReadings(ByteBuffer out, Readings now, int from, int to) {
    for (int i = from; i < to; i++) {
      out.putLong(now.get(Reading.at(i)));
    }
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

    /** Returns a number that each plan knows: zero or above. */
    long count() {
      return Math.max(0, in.getLong());
    }

    /**
     * Takes the next rows of the table; unknown where the file's protocol does not have the row.
     */
    void readings(Readings to, int from, int end) {
      for (int i = from; i < end; i++) {
        Reading reading = Reading.at(i);
        long least = reading.isAlwaysKnown() ? 0 : Reading.UNKNOWN;
        long value = Math.max(least, in.getLong());
        to.set(reading, protocol() < reading.since() ? Reading.UNKNOWN : value);
      }
    }

    int protocol() {
      return in.getInt(MAGIC.length);
    }

    long started() {
      return protocol() < STARTED_SINCE ? Reading.UNKNOWN : in.getLong(STARTED);
    }

    long bootOffset() {
      return protocol() < BOOT_OFFSET_SINCE ? 0 : in.getLong(BOOT_OFFSET);
    }

    Phase phase() {
      int ordinal = in.getInt();
      return ordinal >= 0 && ordinal < PHASES.length ? PHASES[ordinal] : Phase.OTHER;
    }

    /** A text, of which no more bytes than that are taken: somebody else may have written it. */
    String text(int most) {
      int length = in.getShort();
      if (length < 0 || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[Math.min(length, most)];
      in.get(bytes).position(in.position() + length - bytes.length);
      return Printable.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
