package io.allocmem.control;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * The agent's end of a plan's control file: the channel that still works when the heap is full.
 * Made in the thread that brought the agent, used by the plan's thread alone; after that neither
 * polling nor publishing allocates. Read with plain reads, since a mapped file would bring 300
 * classes and 11 MB into the target.
 */
public final class ControlFile implements Closeable {
  private static final int SENDER = ControlLayout.SENDER - ControlLayout.COMMAND;
  private static final int RELEASE = ControlLayout.RELEASE - ControlLayout.COMMAND;
  private static final int RELEASE_SENDER = ControlLayout.RELEASE_SENDER - ControlLayout.COMMAND;
  private static final PlanCommand[] COMMANDS = PlanCommand.values();

  private final Path path;
  private final RandomAccessFile file;
  private final byte[] command = new byte[RELEASE_SENDER + Sender.SIZE];
  private final ByteBuffer commandFields = ByteBuffer.wrap(command);
  private final byte[] bytes = new byte[ControlLayout.SIZE];
  private final ByteBuffer fields = ByteBuffer.wrap(bytes);
  private final CRC32 crc = new CRC32();
  private final Inbox inbox = new Inbox();
  private boolean fromInside;
  private int acknowledged;

  /** Where the sender of the command stands that the last poll gave, and that command's number. */
  private int sender;

  private int sequence;

  /** The release that was taken, which stays in the file. */
  private PlanCommand release = PlanCommand.NONE;

  /** Written by the plan's thread alone, after the record: whoever reads it sees the record. */
  private volatile long publications;

  private long renewals;

  private ControlFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Makes the file of a plan, for its owner's eyes only, and writes what stays the same. A file of
   * that name that nobody uses is what a killed JVM with the same pid left, and is replaced.
   *
   * @param name the plan's name
   * @param arguments the plan, as agent arguments
   * @throws IOException with a sentence, when the file cannot be had safely
   */
  public static ControlFile create(
      final String name, final String arguments, final String agentVersion) throws IOException {
    final String file = ThisProcess.pid() + "." + name;
    return ControlDirectory.use(
        new ControlDirectory.Use<ControlFile>() {
          @Override
          public ControlFile in(Path directory) throws IOException {
            return create(directory.resolve(file), arguments, agentVersion);
          }
        });
  }

  private static ControlFile create(Path path, String arguments, String agentVersion)
      throws IOException {
    discardLeftover(path);
    Files.createFile(path, ControlDirectory.ownerOnly("rw-------"));
    path.toFile().deleteOnExit();
    ControlFile control = new ControlFile(path, new RandomAccessFile(path.toFile(), "rw"));
    try {
      control.takeRoom();
      control.lock();
      ControlLayout.writeFixed(
          control.fields,
          agentVersion,
          System.getProperty("java.version"),
          ThisProcess.main(),
          arguments);
      return control;
    } catch (IOException | RuntimeException | Error e) {
      control.close();
      throw e;
    }
  }

  /** Now, not at the first answer: where the disk is full another directory may have room. */
  private void takeRoom() throws FileSystemException {
    try {
      file.write(bytes);
    } catch (IOException noRoom) {
      throw new FileSystemException(path.toString(), null, noRoom.getMessage());
    }
  }

  private static void discardLeftover(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Trust.require(path);
    if (Leftover.isInUse(path)) {
      throw new IOException(path + " is in use by another JVM with this pid");
    }
    Files.delete(path);
  }

  private void lock() throws IOException {
    FileLock lock = file.getChannel().tryLock(ControlLayout.LOCK, 1, false);
    if (lock == null) {
      throw new IOException(path + " is locked by another process");
    }
  }

  /**
   * The next command, or {@link PlanCommand#NONE} when there is no new one. It counts as carried
   * out, and is acknowledged by the next {@link #publish}.
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
    if (isRelease(standing) && standing != release) { // whatever was commanded after it
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

  /** The command that stands there; from now on it is the one that {@link #appendSender} means. */
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

  /** Whether that number is a new one; they may wrap. */
  private boolean acknowledge(int number) {
    boolean isNew = number - acknowledged > 0;
    acknowledged = isNew ? number : acknowledged;
    return isNew;
  }

  /** Says who sent the command that the last {@link #poll} gave. Allocates nothing. */
  public void appendSender(AsciiLine to) {
    if (fromInside) {
      to.append("JMX");
    } else {
      Sender.append(commandFields, sender, sequence, to);
    }
  }

  /** Where other threads of this JVM put a command. */
  Inbox inbox() {
    return inbox;
  }

  /**
   * Returns the record that was published last, for other threads of this JVM; null while the next
   * is written, and before the first. To open the file again for them would drop its lock when that
   * is closed.
   */
  public Status published() {
    return publications == 0 ? null : ControlLayout.read(bytes.clone());
  }

  /** How often the lease was renewed, as the last {@link #poll} saw it. */
  public long renewals() {
    return renewals;
  }

  /** Writes the counters as one record. A full disk is no error here: the next call tries again. */
  public void publish(Counters now) {
    ControlLayout.writeStatus(fields, acknowledged, System.currentTimeMillis(), now);
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

  /** Publishes for the first time: from now on a launcher sees the plan. */
  public void open(Counters first) throws IOException {
    file.seek(0);
    file.write(bytes, 0, ControlLayout.COMMAND);
    publish(first);
    file.seek(0);
    file.write(ControlLayout.MAGIC);
    fields.position(0);
    fields.put(ControlLayout.MAGIC);
  }

  /** Removes the file. A launcher that has it open still reads the last record. */
  @Override
  public void close() throws IOException {
    File self = path.toFile();
    boolean gone = self.delete();
    file.close(); // Windows deletes only what is closed
    if (!gone) {
      Files.deleteIfExists(path);
    }
  }
}
