package io.allocmem.allocator;

import io.allocmem.control.AsciiLine;
import io.allocmem.control.ControlDirectory;
import io.allocmem.control.Trust;
import io.allocmem.plan.Excerpt;
import io.allocmem.plan.HoldPlan;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Where a plan's log goes: to stderr or to a file. Opened, written and closed by the log writer's
 * thread alone, since each of these calls can wait for ever. Writing allocates nothing.
 */
final class LogFile implements Closeable {
  /** Bytes of the path in a sentence. */
  private static final int MOST_SHOWN = 120;

  private final String path;
  private final boolean inFile;

  /** The descriptor itself: System.err may be the application's, and would lock and allocate. */
  private FileOutputStream stderr;

  private FileChannel file;

  /** Direct, as a channel would else copy each line to a buffer of its own. */
  private ByteBuffer line;

  LogFile(HoldPlan plan) {
    path = plan.log();
    inFile = !path.equals(HoldPlan.LOG_TO_STDERR);
  }

  /** What the log goes to, for people. */
  @Override
  public String toString() {
    return Excerpt.of(path, MOST_SHOWN);
  }

  /** Whether it has to be opened, and closed: stderr is not ours. */
  boolean isFile() {
    return inFile;
  }

  /**
   * Opens the file, if it is one, for appending; makes it for its owner's eyes only. The path is
   * one from the target's working directory on, if it is no absolute one.
   *
   * @throws IOException with a sentence
   */
  void open() throws IOException {
    try {
      if (inFile) {
        line = ByteBuffer.allocateDirect(PlanLog.LONGEST_LINE);
        file = openFile(Paths.get(path));
      } else {
        stderr = new FileOutputStream(FileDescriptor.err);
      }
    } catch (IOException | InvalidPathException | SecurityException e) {
      throw new IOException("cannot append the log to " + this + ": " + e.getMessage(), e);
    }
  }

  /** A link that somebody planted leads to a file that is precious: it is never followed. */
  private static FileChannel openFile(Path path) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.APPEND);
    options.add(LinkOption.NOFOLLOW_LINKS);
    try {
      Set<OpenOption> anew = new HashSet<>(options);
      anew.add(StandardOpenOption.CREATE_NEW);
      return FileChannel.open(path, anew, ControlDirectory.ownerOnly("rw-------"));
    } catch (FileAlreadyExistsException olderLog) {
      require(path); // to open a pipe could wait for ever
      return FileChannel.open(path, options);
    }
  }

  private static void require(Path path) throws IOException {
    String objection = Trust.objectionToOwn(path);
    if (objection != null) {
      String shown = Excerpt.of(path.toAbsolutePath().toString(), MOST_SHOWN);
      throw new IOException(shown + " " + objection);
    }
  }

  /** Writes so many bytes; waits for as long as the stream or the file makes it. */
  void write(AsciiLine text, int length) throws IOException {
    if (!inFile) {
      stderr.write(text.buffer(), 0, length);
      return;
    }
    line.clear();
    line.put(text.buffer(), 0, length).flip();
    try {
      writeAll();
    } catch (ClosedChannelException interrupted) { // by the application: that closes a channel
      Thread.interrupted();
      file = openFile(Paths.get(path));
      writeAll();
    }
  }

  private void writeAll() throws IOException {
    do {
      file.write(line);
    } while (line.hasRemaining());
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
