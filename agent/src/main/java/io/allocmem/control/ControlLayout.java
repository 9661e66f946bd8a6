package io.allocmem.control;

import io.allocmem.plan.Charsets;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Layout of the control file, big-endian, for both ends. Agent and launcher may have different
 * versions, so the protocol only grows. A field keeps its offset and meaning for ever. A new field
 * takes bytes that no older protocol wrote (zero bytes, or bytes behind the message), and raises
 * the protocol number. A reader takes the fields known to both protocols. From a newer file, a
 * reader takes the fields that the reader knows. From an older file, a reader takes the existing
 * fields; missing fields are not measured. An agent acknowledges an unknown command, and does
 * nothing. 4096 bytes:
 *
 * <pre>
 *    0  "allocmem"                  8 bytes, written last when the file is made
 *    8  protocol                    int, 12
 *   16  agent version, java.version, main class, plan as agent arguments: texts; each of the first
 *       three is cut if too long, and then ends with "..."
 * 2032  boot time of the agent's time namespace, beyond the machine's
 *                                   long, nanoseconds, may be negative; since protocol 4
 * 2040  start time of the process   long, clock ticks since boot in the agent's time namespace,
 *                                   -1 unknown; since protocol 2
 * 2048  command sequence, command   two ints, written together by the launcher
 * 2056  renewals of the lease       long, written by the launcher
 * 2064  sender of the command       written by the launcher before the command; since protocol 3
 *       pid                         long
 *       sequence of the command     int: differs from 2048 if the launcher wrote no sender
 *       user                        length in bytes (short) and at most 64 bytes of ASCII
 * 2144  release                     sequence and command, two ints as at 2048, then sender as at
 *                                   2064; since protocol 4. RELEASE or RELEASE_AND_COLLECT, never
 *                                   cancelled by a later command: only RELEASE_AND_COLLECT may
 *                                   overwrite a release. The launcher writes the sender, then the
 *                                   two ints, then the same command at 2064 and 2048 for older
 *                                   agents
 * 2560  acknowledged sequence       int, from here on written by the agent as one record
 *       phase                       int
 *       heartbeat                   long, milliseconds since 1970
 *       readings of protocol 1      longs in the order of {@link Reading}, -1 if not measured
 *       message                     text
 * 3104  readings of protocol 3 and later
 *                                   the same
 * 4080  CRC-32 of the record        long: a reader with a different sum reads again
 * 4095  locked by the agent for the life of the plan, by fcntl(2). The kernel drops the lock with
 *       the process, or when any code in the process opens and closes this file. A plan without a
 *       lock is alive while its process (pid and start time) lives and its heartbeat moves
 * </pre>
 *
 * A text is its length in bytes (short) and UTF-8.
 */
public final class ControlLayout {
  /** Size of the file in bytes. */
  public static final int SIZE = 4096;

  /** Offset of the command: its sequence number and its ordinal, two ints. */
  public static final int COMMAND = 2048;

  /** Offset of the number of lease renewals, a long. */
  public static final int RENEWALS = 2056;

  /** Offset of the command's sender: {@link Sender#SIZE} bytes. */
  public static final int SENDER = 2064;

  /** Offset of the release: its sequence number and its ordinal, two ints. */
  public static final int RELEASE = 2144;

  /** Offset of the release's sender: {@link Sender#SIZE} bytes. */
  public static final int RELEASE_SENDER = RELEASE + 2 * Integer.BYTES;

  /** Offset of the byte that a living plan keeps locked. */
  public static final int LOCK = 4095;

  /** Maximum length of a status message in bytes. */
  public static final int MESSAGE_BYTES = 400;

  /** Maximum length of a plan as agent arguments, in bytes of UTF-8. */
  public static final int ARGUMENTS_BYTES = 1300;

  static final int STATUS = 2560;
  static final int RECORD_3 = 3104;
  static final int CHECKSUM = 4080;

  /** Protocol number that this code writes. */
  public static final int PROTOCOL = 12;

  static final byte[] MAGIC = "allocmem".getBytes(Charsets.US_ASCII);
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
   * Reads the agent's fields. Returns null if the record is torn or not written yet: read again.
   * Returns null also for content that no agent writes.
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

  /**
   * Returns whether the bytes begin as a control file of any protocol. An unfinished file does not
   * begin as a control file yet.
   */
  public static boolean isControlFile(byte[] beginning) {
    return begins(beginning, MAGIC);
  }

  static boolean begins(byte[] beginning, byte[] magic) {
    if (beginning.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (beginning[i] != magic[i]) {
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
   * Writes the fields that stay constant for the plan's life.
   *
   * @throws IOException with a sentence, if the arguments do not fit: arguments are never cut
   */
  static void writeFixed(ByteBuffer out, int protocol, String agentVersion, String arguments)
      throws IOException {
    byte[] plan = arguments.getBytes(Charsets.UTF_8);
    if (plan.length > ARGUMENTS_BYTES) {
      throw new IOException(
          "the plan's options take "
              + plan.length
              + " bytes, the control file has room for "
              + ARGUMENTS_BYTES
              + ": shorten them");
    }
    out.position(MAGIC.length);
    out.putInt(protocol);
    out.putLong(BOOT_OFFSET, StartTime.bootOffset());
    out.putLong(STARTED, StartTime.of("self"));
    out.position(FIXED);
    putText(out, cut(agentVersion, LONGEST_VERSION));
    putText(out, cut(System.getProperty("java.version"), LONGEST_VERSION));
    putText(out, cut(ThisProcess.main(), LONGEST_MAIN));
    putText(out, plan);
  }

  static void putText(ByteBuffer out, byte[] text) {
    out.putShort((short) text.length).put(text);
  }

  /** Cuts a text to a number of bytes in UTF-8, keeping whole characters, and marks the cut. */
  private static byte[] cut(String text, int most) {
    byte[] whole = text.getBytes(Charsets.UTF_8);
    if (whole.length <= most) {
      return whole;
    }
    int end = most - CUT.length();
    while ((whole[end] & 0xc0) == 0x80) { // the rest of a character
      end--;
    }
    String kept = new String(whole, 0, end, Charsets.UTF_8);
    return (kept + CUT).getBytes(Charsets.UTF_8);
  }

  /** Writes a record. Allocates nothing. */
  static void writeStatus(
      ByteBuffer out,
      int acknowledged,
      long heartbeatMillis,
      Phase phase,
      Readings now,
      AsciiLine message) {
    out.position(STATUS);
    out.putInt(acknowledged).putInt(phase.ordinal()).putLong(heartbeatMillis);
    putReadings(out, now, 0, Reading.IN_FIRST);
    out.putShort((short) message.length()).put(message.buffer(), 0, message.length());
    out.position(RECORD_3);
    putReadings(out, now, Reading.IN_FIRST, Reading.COUNT);
  }

  private static void putReadings(ByteBuffer out, Readings now, int from, int to) {
    for (int i = from; i < to; i++) {
      out.putLong(now.get(Reading.at(i)));
    }
  }

  /** Reads the fields in their order. */
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
     * Reads the next rows of the table. A row is unknown if the file's protocol does not have the
     * row.
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

    /** Reads a text, up to a number of bytes, since another user may have written the text. */
    String text(int most) {
      return Printable.of(raw(most));
    }

    /** Reads a text of several lines, with printable characters between the line ends. */
    String lines(int most) {
      StringBuilder lines = new StringBuilder();
      for (String line : raw(most).split("\n")) {
        lines.append(lines.length() == 0 ? "" : "\n").append(Printable.of(line));
      }
      return lines.toString();
    }

    private String raw(int most) {
      int length = in.getShort();
      if (length < 0 || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[Math.min(length, most)];
      in.get(bytes).position(in.position() + length - bytes.length);
      return new String(bytes, Charsets.UTF_8);
    }
  }
}
