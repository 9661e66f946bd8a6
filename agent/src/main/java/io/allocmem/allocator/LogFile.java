package io.allocmem.allocator;

import io.allocmem.plan.HoldPlan;
import io.allocmem.status.AsciiLine;
import io.allocmem.status.ControlDirectory;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Where a plan's log goes: to stderr, to a file, or nowhere. Opened by the thread that brought the
 * agent, written by the plan's thread. Writing allocates nothing.
 */
final class LogFile implements Closeable {
  private final String path;
  private final boolean inFile;

  /** Null when there is no log, or none yet. */
  private FileOutputStream out;

  LogFile(HoldPlan plan) {
    path = plan.log();
    boolean off = path.equals(HoldPlan.LOG_OFF);
    inFile = !off && !path.equals(HoldPlan.LOG_TO_STDERR);
    // the descriptor itself: System.err may be the application's, and would lock and allocate
    out = off || inFile ? null : new FileOutputStream(FileDescriptor.err);
  }

  /** Whether a line needs its time, since nobody else adds it. */
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
    if (!inFile) {
      return;
    }
    try {
      Path file = Paths.get(path);
      makeIfMissing(file);
      if (!Files.isRegularFile(file)) { // to open a pipe could wait for ever
        throw new IOException(file.toAbsolutePath() + " is no regular file");
      }
      out = new FileOutputStream(file.toFile(), true);
    } catch (IOException | InvalidPathException | SecurityException e) {
      throw new IOException("cannot append the log to " + path + ": " + e.getMessage(), e);
    }
  }

  private static void makeIfMissing(Path file) throws IOException {
    try {
      Files.createFile(file, ControlDirectory.ownerOnly("rw-------"));
    } catch (FileAlreadyExistsException expected) {
      return; // an older log, or what the person who asked chose
    }
  }

  void write(AsciiLine line) {
    if (out == null) {
      return;
    }
    try {
      out.write(line.buffer(), 0, line.length());
    } catch (IOException | OutOfMemoryError closed) { // the error: no room for the exception
      return; // nobody listens on stderr, or the disk is full: the status says the same
    }
  }

  @Override
  public void close() throws IOException {
    if (inFile && out != null) { // stderr is not ours
      out.close();
      out = null;
    }
  }
}
