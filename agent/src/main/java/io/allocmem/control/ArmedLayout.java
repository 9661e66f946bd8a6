package io.allocmem.control;

import io.allocmem.plan.Charsets;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Layout of the file of an armed agent, {@code PID.armed}, big-endian, for both ends. The protocol
 * only grows, by the rules of {@link ControlLayout}; the fields below 2048 are the same there. 8192
 * bytes:
 *
 * <pre>
 *    0  "allocarm"                  8 bytes, written last when the file is made
 *    8  protocol                    int, of both kinds of files
 *   16  agent version, java.version, main class, arming as agent arguments: texts
 * 2016  end of the arming           long, milliseconds since 1970; -1 for none
 * 2032  boot time of the agent's time namespace, 2040 start time of the process
 * 2048  request sequence, request   two ints, written by the launcher, together and last
 * 2056  deadline of the request     long, milliseconds since 1970: the agent refuses a later look
 * 2064  sender of the request       as in a control file
 * 2144  CRC-32 of the plan          long
 * 2152  plan as agent arguments     text
 * 4095  locked by the agent for the life of the arming
 * 4096  acknowledged sequence       int, from here on written by the agent as one record
 * 4104  answer                      text
 * 8184  CRC-32 of the record        long
 * </pre>
 */
public final class ArmedLayout {
  /** Name of the file after the pid; no plan may have this name. */
  public static final String NAME = "armed";

  /** Size of the file in bytes. */
  public static final int SIZE = 8192;

  /** Protocol number that this code writes: one number for both kinds of files. */
  public static final int PROTOCOL = ControlLayout.PROTOCOL;

  /** Offset of the request: sequence and ordinal, then deadline and sender. */
  public static final int REQUEST = 2048;

  /** Offset of the request's deadline, a long. */
  public static final int DEADLINE = 2056;

  /** Maximum length of an answer in bytes of UTF-8. */
  public static final int ANSWER_BYTES = 4000;

  static final byte[] MAGIC = "allocarm".getBytes(Charsets.US_ASCII);
  static final int ENDS = 2016;
  static final int SENDER = 2064;
  static final int PLAN_CHECKSUM = 2144;
  static final int PLAN = 2152;
  static final int REQUEST_END = PLAN + Short.BYTES + ControlLayout.ARGUMENTS_BYTES;
  static final int RECORD = 4096;
  static final int ANSWER = 4104;
  static final int CHECKSUM = 8184;

  private ArmedLayout() {}

  /** Returns the bytes from {@link #DEADLINE} on that a launcher writes before the request. */
  public static byte[] request(long deadlineMillis, byte[] sender, String plan) {
    byte[] text = plan.getBytes(Charsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(PLAN + Short.BYTES + text.length - DEADLINE);
    out.putLong(deadlineMillis).put(sender);
    out.putLong(PLAN_CHECKSUM - DEADLINE, checksum(text));
    out.position(PLAN - DEADLINE);
    ControlLayout.putText(out, text);
    return out.array();
  }

  static long checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }

  /** Returns whether the bytes begin as the file of an armed agent. */
  public static boolean isArmedFile(byte[] beginning) {
    return ControlLayout.begins(beginning, MAGIC);
  }

  /** Reads the agent's fields; null if the record is torn, or if no agent wrote the content. */
  public static ArmedStatus read(byte[] file) {
    if (!isArmedFile(file) || file.length < SIZE) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    CRC32 crc = new CRC32();
    crc.update(file, RECORD, CHECKSUM - RECORD);
    if (in.getLong(CHECKSUM) != crc.getValue()) {
      return null;
    }
    try {
      return new ArmedStatus(new ControlLayout.Reader(in), in.getLong(ENDS));
    } catch (BufferUnderflowException noRecord) {
      return null;
    }
  }
}
