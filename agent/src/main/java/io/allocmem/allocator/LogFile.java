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
 * Log destination of a plan: stderr or a file. Opened, written and closed by the log writer's
 * thread alone, since each of these calls can block for ever. Writing allocates nothing.
 */
final class LogFile implements Closeable {
  /** Maximum bytes of the path in a message. */
  private static final int MOST_SHOWN = 120;

  private final String path;
  private final boolean inFile;

  /**
   * Stream on the file descriptor. System.err may be the application's, and would lock and
   * allocate.
   */
  private FileOutputStream stderr;

  private FileChannel file;

  /** Direct buffer: from a heap buffer, a channel would copy each line to another buffer. */
  private ByteBuffer line;

  LogFile(HoldPlan plan) {
    path = plan.log();
    inFile = !path.equals(HoldPlan.LOG_TO_STDERR);
  }

  /** Returns the log destination, for people. */
  @Override
  public String toString() {
    return Excerpt.of(path, MOST_SHOWN);
  }

  /** Returns true if the log must be opened and closed: the application owns stderr. */
  boolean isFile() {
    return inFile;
  }

  /**
   * Opens stderr, or a file for appending. A new file is accessible to its owner alone. A relative
   * path starts at the target's working directory.
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

  /** Opens a file, but follows no symbolic link: a planted link could lead to a valuable file. */
  private static FileChannel openFile(Path path) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.APPEND);
    options.add(LinkOption.NOFOLLOW_LINKS);
    try {
      Set<OpenOption> anew = new HashSet<>(options);
      anew.add(StandardOpenOption.CREATE_NEW);
      return FileChannel.open(path, anew, ControlDirectory.ownerOnly("rw-------"));
    } catch (FileAlreadyExistsException olderLog) {
      require(path); // opening a pipe could block for ever
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

  /** Writes {@code length} bytes. Waits while the stream or the file blocks. */
  void write(AsciiLine text, int length) throws IOException {
    if (!inFile) {
      stderr.write(text.buffer(), 0, length);
      return;
    }
    line.clear();
    line.put(text.buffer(), 0, length).flip();
    try {
      writeAll();
    } catch (ClosedChannelException interrupted) { // closed by the application's interrupt
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
