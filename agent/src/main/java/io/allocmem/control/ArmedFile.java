package io.allocmem.control;

import io.allocmem.plan.Charsets;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Agent's end of the file of an armed agent: takes requests, and answers. Created by the thread
 * that arms, then used by the armed thread alone. A look without a request allocates nothing.
 */
public final class ArmedFile implements Closeable {
  /** Offset of the number of the request that the sender belongs to. */
  private static final int SENDER_SEQUENCE =
      ArmedLayout.SENDER - ArmedLayout.REQUEST + Sender.SEQUENCE;

  private static final byte[] NOTHING = {};
  private static final byte[] TOO_OLD =
      "refused: the armed agent is too old for this request".getBytes(Charsets.UTF_8);
  private static final ArmedRequest[] REQUESTS = ArmedRequest.values();

  private final OwnFile own;
  private final RandomAccessFile file;
  private final byte[] request = new byte[ArmedLayout.REQUEST_END - ArmedLayout.REQUEST];
  private final ByteBuffer requestFields = ByteBuffer.wrap(request);
  private final byte[] record = new byte[ArmedLayout.SIZE - ArmedLayout.RECORD];
  private final ByteBuffer recordFields = ByteBuffer.wrap(record);
  private final CRC32 crc = new CRC32();
  private int acknowledged;
  private int sequence;

  private ArmedFile(OwnFile own) {
    this.own = own;
    this.file = own.file;
  }

  /**
   * Creates the file, visible to launchers.
   *
   * @param arguments the arming, as agent arguments
   * @param endsMillis end of the arming, in milliseconds since 1970; {@link Reading#UNKNOWN} for
   *     none
   * @throws IOException with a sentence, if the file cannot be created safely
   */
  public static ArmedFile create(
      String agentVersion, String arguments, long endsMillis, ByteLock lock) throws IOException {
    ArmedFile armed = new ArmedFile(OwnFile.create(ArmedLayout.NAME, ArmedLayout.SIZE, lock));
    try {
      armed.open(agentVersion, arguments, endsMillis);
      return armed;
    } catch (IOException | RuntimeException | Error e) {
      armed.close();
      throw e;
    }
  }

  private void open(String agentVersion, String arguments, long endsMillis) throws IOException {
    byte[] fixed = new byte[ArmedLayout.REQUEST];
    ByteBuffer out = ByteBuffer.wrap(fixed);
    ControlLayout.writeFixed(out, ArmedLayout.PROTOCOL, agentVersion, arguments);
    out.putLong(ArmedLayout.ENDS, endsMillis);
    file.seek(0);
    file.write(fixed);
    writeRecord();
    file.seek(0);
    file.write(ArmedLayout.MAGIC);
  }

  /** Returns the path of the file. */
  public Path path() {
    return own.path;
  }

  /** Returns the next request, or {@link ArmedRequest#NONE} if no new request exists. */
  public ArmedRequest poll() {
    if (!read(2 * Integer.BYTES) || requestFields.getInt(0) - acknowledged <= 0) {
      return ArmedRequest.NONE;
    }
    if (!read(request.length)) {
      return ArmedRequest.NONE;
    }
    sequence = requestFields.getInt(0);
    int ordinal = requestFields.getInt(Integer.BYTES);
    if (ordinal > 0 && ordinal < REQUESTS.length) {
      return REQUESTS[ordinal];
    }
    answer(ordinal == 0 ? NOTHING : TOO_OLD);
    return ArmedRequest.NONE;
  }

  private boolean read(int bytes) {
    try {
      file.seek(ArmedLayout.REQUEST);
      return file.read(request, 0, bytes) == bytes;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * Returns the plan of the last request, as agent arguments.
   *
   * @throws IOException with a sentence, if the request must not be obeyed
   */
  public String plan() throws IOException {
    if (Files.exists(own.path, LinkOption.NOFOLLOW_LINKS)) { // else launchers open the descriptor
      Trust.require(own.path);
    }
    long late = System.currentTimeMillis() - requestFields.getLong(Long.BYTES);
    if (late > 0) {
      throw new IOException("the request is " + late + " ms too late: nobody waits for the answer");
    }
    if (requestFields.getInt(SENDER_SEQUENCE) != sequence) { // fields of the next request
      throw new IOException("the request was replaced: try again");
    }
    int at = ArmedLayout.PLAN - ArmedLayout.REQUEST;
    int length = requestFields.getShort(at);
    if (length < 0 || length > ControlLayout.ARGUMENTS_BYTES) {
      throw new IOException("the request is damaged: try again");
    }
    crc.reset();
    crc.update(request, at + Short.BYTES, length);
    if (crc.getValue() != requestFields.getLong(ArmedLayout.PLAN_CHECKSUM - ArmedLayout.REQUEST)) {
      throw new IOException("the request is damaged: try again");
    }
    return new String(request, at + Short.BYTES, length, Charsets.UTF_8);
  }

  /**
   * Returns whether the launcher still waits for the last request: the launcher has not withdrawn
   * the request, and its time is not over.
   */
  public boolean isWanted() {
    try {
      file.seek(ArmedLayout.REQUEST);
      boolean same = file.readInt() == sequence;
      return same && System.currentTimeMillis() <= requestFields.getLong(Long.BYTES);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * Answers the last request. Allocates nothing.
   *
   * @param text sentence in UTF-8
   */
  public void answer(byte[] text) {
    int length = Math.min(text.length, ArmedLayout.ANSWER_BYTES);
    acknowledged = sequence;
    recordFields.position(ArmedLayout.ANSWER - ArmedLayout.RECORD);
    recordFields.putShort((short) length).put(text, 0, length);
    try {
      writeRecord();
    } catch (IOException noRoom) {
      return; // the launcher sees the plan itself
    }
  }

  private void writeRecord() throws IOException {
    int checksum = ArmedLayout.CHECKSUM - ArmedLayout.RECORD;
    recordFields.putInt(0, acknowledged);
    crc.reset();
    crc.update(record, 0, checksum);
    recordFields.putLong(checksum, crc.getValue());
    file.seek(ArmedLayout.RECORD);
    file.write(record);
  }

  @Override
  public void close() throws IOException {
    own.close();
  }
}
