package io.allocmem.control;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Agent's end of a plan's control file: the channel that still works when the heap is full. Created
 * by the attach thread, then used by the plan's thread alone. Neither polling nor publishing
 * allocates after creation. Uses plain reads, since a mapped file would bring 300 classes and 11 MB
 * into the target.
 */
public final class ControlFile implements Closeable {
  private static final int SENDER = ControlLayout.SENDER - ControlLayout.COMMAND;
  private static final int RELEASE = ControlLayout.RELEASE - ControlLayout.COMMAND;
  private static final int RELEASE_SENDER = ControlLayout.RELEASE_SENDER - ControlLayout.COMMAND;
  private static final PlanCommand[] COMMANDS = PlanCommand.values();

  private final OwnFile own;
  private final RandomAccessFile file;
  private final byte[] command = new byte[RELEASE_SENDER + Sender.SIZE];
  private final ByteBuffer commandFields = ByteBuffer.wrap(command);
  private final byte[] bytes = new byte[ControlLayout.SIZE];
  private final ByteBuffer fields = ByteBuffer.wrap(bytes);
  private final CRC32 crc = new CRC32();
  private final Inbox inbox = new Inbox();
  private boolean fromInside;
  private int acknowledged;

  /** Offset of the last polled command's sender; {@link #sequence} is the command's number. */
  private int sender;

  private int sequence;

  /** Last release carried out, which stays in the file. */
  private PlanCommand release = PlanCommand.NONE;

  /**
   * Number of publications. The plan's thread alone increments the number after each record, so a
   * thread that reads the number sees the record.
   */
  private volatile long publications;

  private long renewals;

  private ControlFile(OwnFile own) {
    this.own = own;
    this.file = own.file;
  }

  /**
   * Creates the file of a plan, and writes the constant fields.
   *
   * @param name name of the plan
   * @param arguments the plan, as agent arguments
   * @throws IOException with a sentence, if the file cannot be created safely
   */
  public static ControlFile create(
      String name, String arguments, String agentVersion, ByteLock lock) throws IOException {
    ControlFile control = new ControlFile(OwnFile.create(name, ControlLayout.SIZE, lock));
    try {
      ControlLayout.writeFixed(control.fields, ControlLayout.PROTOCOL, agentVersion, arguments);
      return control;
    } catch (IOException | RuntimeException | Error e) {
      control.close();
      throw e;
    }
  }

  /**
   * Returns the next command, or {@link PlanCommand#NONE} if no new command exists. The command
   * counts as carried out, and the next {@link #publish} acknowledges the command.
   */
  public PlanCommand poll() {
    PlanCommand inside = inbox.take();
    if (inside != PlanCommand.NONE) {
      fromInside = true;
      return inside;
    }
    if (!readCommands()) {
      return PlanCommand.NONE;
    }
    int last = commandFields.getInt(0);
    PlanCommand standing = take(RELEASE, RELEASE_SENDER);
    if (isRelease(standing) && standing != release) { // a later command does not cancel a release
      release = standing;
      acknowledge(last);
      acknowledge(sequence);
      return standing;
    }
    PlanCommand next = take(0, SENDER);
    return acknowledge(sequence) ? next : PlanCommand.NONE;
  }

  private boolean readCommands() {
    try {
      file.seek(ControlLayout.COMMAND);
      if (file.read(command) != command.length) {
        return false;
      }
    } catch (IOException unreadable) {
      return false;
    }
    renewals = commandFields.getLong(ControlLayout.RENEWALS - ControlLayout.COMMAND);
    return true;
  }

  /** Returns the command at an offset. {@link #appendSender} refers to this command from now on. */
  private PlanCommand take(int at, int senderAt) {
    sequence = commandFields.getInt(at);
    sender = senderAt;
    fromInside = false;
    int ordinal = commandFields.getInt(at + Integer.BYTES);
    return ordinal >= 0 && ordinal < COMMANDS.length ? COMMANDS[ordinal] : PlanCommand.NONE;
  }

  private static boolean isRelease(PlanCommand command) {
    return command == PlanCommand.RELEASE || command == PlanCommand.RELEASE_AND_COLLECT;
  }

  /** Returns whether a sequence number is new; sequence numbers may wrap. */
  private boolean acknowledge(int number) {
    boolean isNew = number - acknowledged > 0;
    acknowledged = isNew ? number : acknowledged;
    return isNew;
  }

  /** Appends the sender of the command from the last {@link #poll}. Allocates nothing. */
  public void appendSender(AsciiLine to) {
    if (fromInside) {
      to.append("JMX");
    } else {
      Sender.append(commandFields, sender, sequence, to);
    }
  }

  /** Returns the inbox for commands of other threads in this JVM. */
  Inbox inbox() {
    return inbox;
  }

  /**
   * Returns the record that was published last, for other threads of this JVM. Returns null while
   * the next record is written, and before the first record. Opening the file again for these
   * threads would drop the lock when the second descriptor is closed.
   */
  public Status published() {
    return publications == 0 ? null : ControlLayout.read(bytes.clone());
  }

  /** Returns the number of lease renewals, as read by the last {@link #poll}. */
  public long renewals() {
    return renewals;
  }

  /**
   * Writes phase, readings and message as a single record. A full disk is no error here: the next
   * call tries again.
   */
  public void publish(Phase phase, Readings now, AsciiLine message) {
    long heartbeat = System.currentTimeMillis();
    ControlLayout.writeStatus(fields, acknowledged, heartbeat, phase, now, message);
    fields.putLong(ControlLayout.CHECKSUM, ControlLayout.checksum(crc, bytes));
    try {
      file.seek(ControlLayout.STATUS);
      file.write(bytes, ControlLayout.STATUS, ControlLayout.LOCK - ControlLayout.STATUS);
    } catch (IOException tryAgain) {
      return;
    } finally {
      publications++;
      inbox.answer();
    }
  }

  /** Publishes for the first time: the plan becomes visible to launchers. */
  public void open(Phase phase, Readings first, AsciiLine message) throws IOException {
    file.seek(0);
    file.write(bytes, 0, ControlLayout.COMMAND);
    publish(phase, first, message);
    file.seek(0);
    file.write(ControlLayout.MAGIC);
    fields.position(0);
    fields.put(ControlLayout.MAGIC);
  }

  /** Removes the file. A launcher that has the file open still reads the last record. */
  @Override
  public void close() throws IOException {
    own.close();
  }
}
