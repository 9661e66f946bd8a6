package io.allocmem.control;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * New file of this process in a control directory, accessible to its owner only. One byte is locked
 * for the life of the file. Created by the attach thread, then used by one thread.
 */
final class OwnFile implements Closeable {
  final Path path;
  private final File name;

  /** Null before the file is open. */
  RandomAccessFile file;

  private OwnFile(Path path) {
    this.path = path;
    this.name = path.toFile();
  }

  /**
   * Creates a file of zero bytes, named after the pid of this process. An unused file of this name
   * is a leftover of a killed JVM with the same pid, and is replaced.
   *
   * @param name part of the file name after the pid
   * @param lock way to lock the byte
   * @throws IOException with a sentence, if the file cannot be created safely
   */
  static OwnFile create(String name, final int size, final ByteLock lock) throws IOException {
    final String file = ThisProcess.pid() + "." + name;
    return ControlDirectory.use(
        new ControlDirectory.Use<OwnFile>() {
          @Override
          public OwnFile in(Path directory) throws IOException {
            return create(directory.resolve(file), size, lock);
          }
        });
  }

  private static OwnFile create(Path path, int size, ByteLock lock) throws IOException {
    discardLeftover(path);
    OwnFile own = new OwnFile(path);
    createFile(path);
    try {
      own.name.deleteOnExit();
      own.file = new RandomAccessFile(own.name, "rw");
      own.takeRoom(size);
      own.lock(lock);
      return own;
    } catch (IOException | RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  /**
   * Creates an empty file that only its owner can access. In a directory that nobody else can
   * enter, the mode may follow the creation: a creation with a mode needs the classes of channels.
   */
  private static void createFile(Path path) throws IOException {
    if (!Trust.isPrivate(path.getParent())) {
      Files.createFile(path, ControlDirectory.ownerOnly("rw-------"));
      return;
    }
    File file = path.toFile();
    if (!file.createNewFile()) {
      throw new FileAlreadyExistsException(path.toString());
    }
    boolean closed = file.setReadable(false, false) && file.setWritable(false, false);
    if (!closed || !file.setReadable(true, true) || !file.setWritable(true, true)) {
      Files.delete(path);
      throw new FileSystemException(path.toString(), null, "the mode of a file cannot be set");
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

  /**
   * Writes the whole file at creation, not at the first record: if the disk is full, another
   * directory may have room.
   */
  private void takeRoom(int size) throws FileSystemException {
    try {
      file.write(new byte[size]);
    } catch (IOException noRoom) {
      throw new FileSystemException(path.toString(), null, noRoom.getMessage());
    }
  }

  private void lock(ByteLock lock) throws IOException {
    if (!lock.take(file, ControlLayout.LOCK)) {
      throw new IOException(path + " is locked by another process");
    }
  }

  /** Removes the file. A launcher that has the file open still reads the last record. */
  @Override
  public void close() throws IOException {
    boolean gone = false;
    try {
      gone = name.delete();
    } finally {
      if (file != null) {
        file.close(); // Windows deletes closed files only
      }
    }
    if (!gone) {
      Files.deleteIfExists(path);
    }
  }
}
