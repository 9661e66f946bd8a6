package io.allocmem.launcher.process;

import io.allocmem.control.ControlDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A path, opened directory by directory as with openat(2). If a part of the path is or becomes a
 * symbolic link, opening fails. Only the kernel's own links at the beginning are followed.
 */
final class OpenPath implements Closeable, Iterable<Path> {
  private static final String UNIX = "unix:mode,uid,size,lastModifiedTime,nlink,dev,ino,fileKey";
  private static final Set<String> AT_ONCE = Set.of("comm", "stat", "status");
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] NEVER = {LinkOption.NOFOLLOW_LINKS};

  /** The open directory, as the path to this directory. */
  private final Path directory;

  private final DirectoryStream<Path> open;

  /** Last name of the path; null if the path is the directory. */
  private final Path name;

  private OpenPath(Path directory, DirectoryStream<Path> open, Path name) {
    this.directory = directory;
    this.open = open;
    this.name = name;
  }

  /** Opens the directory of a file. */
  static OpenPath ofFile(Path file) throws IOException {
    Path directory = file.getParent();
    return new OpenPath(directory, openEachPart(directory), file.getFileName());
  }

  /** Opens a directory. */
  static OpenPath ofDirectory(Path directory) throws IOException {
    return new OpenPath(directory, openEachPart(directory), null);
  }

  private static DirectoryStream<Path> openEachPart(Path directory) throws IOException {
    Path at = anchor(directory);
    DirectoryStream<Path> open = Files.newDirectoryStream(at);
    try {
      for (Path part : at.equals(directory) ? List.<Path>of() : at.relativize(directory)) {
        at = at.resolve(part);
        DirectoryStream<Path> next = step(open, at);
        open.close();
        open = next;
      }
      return open;
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
  }

  private static DirectoryStream<Path> step(DirectoryStream<Path> from, Path to)
      throws IOException {
    if (from instanceof SecureDirectoryStream<Path> secure) {
      BasicFileAttributeView view =
          secure.getFileAttributeView(to.getFileName(), BasicFileAttributeView.class, NEVER);
      if (!view.readAttributes().isDirectory()) { // opening a FIFO would block
        throw new FileSystemException(to.toString(), null, "is not a directory");
      }
      return secure.newDirectoryStream(to.getFileName(), NEVER);
    }
    if (!Files.isDirectory(to, NEVER)) { // not on Linux
      throw new FileSystemException(to.toString(), null, "is not a directory");
    }
    return Files.newDirectoryStream(to);
  }

  /**
   * Returns the part of a path that the kernel guarantees: {@code /proc/PID/root}, {@code
   * /proc/PID/cwd}, {@code /proc/PID}.
   */
  private static Path anchor(Path directory) {
    if (!isOfProcess(directory)) {
      return directory.getRoot();
    }
    boolean rooted = directory.getNameCount() > 2 && isKernels(directory.getName(2));
    return directory.getRoot().resolve(directory.subpath(0, rooted ? 3 : 2));
  }

  private static boolean isOfProcess(Path path) {
    return path.getNameCount() >= 2
        && path.startsWith("/proc")
        && isPid(path.getName(1).toString());
  }

  private static boolean isPid(String name) {
    return name.equals("self") || name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * Returns true for a file that the kernel shows for a process or for a thread: {@code
   * /proc/PID/status}, {@code /proc/PID/task/TID/comm}.
   */
  static boolean isOfKernel(Path file) {
    return isOfProcess(file) && (file.getNameCount() == 3 || isOfThread(file));
  }

  private static boolean isOfThread(Path file) {
    return file.getNameCount() == 5
        && file.getName(2).toString().equals("task")
        && isPid(file.getName(3).toString());
  }

  /**
   * Returns true for a file of the kernel that always answers at once: the kernel takes no lock
   * that a process can hold, and reads no memory of the process (fs/proc/array.c).
   */
  static boolean answersAtOnce(Path file) {
    return AT_ONCE.contains(file.getFileName().toString()) && isOfKernel(file);
  }

  /** Returns true for the kernel's links to directories of a process. */
  private static boolean isKernels(Path name) {
    return name.toString().equals("root") || name.toString().equals("cwd");
  }

  /**
   * Returns true if the directory is {@code /proc/PID/fd}: a link there leads to the open file
   * itself.
   */
  private boolean isDescriptor() {
    return directory.getNameCount() == 3
        && directory.startsWith("/proc")
        && directory.endsWith("fd");
  }

  private boolean isLinkOfKernels(Path entry) {
    boolean ofProcess = directory.getNameCount() == 2 && directory.startsWith("/proc");
    return isDescriptor() || ofProcess && isKernels(entry);
  }

  /** Returns the attributes of the file; for a descriptor, those of the open file. */
  FileFacts facts() throws IOException {
    return facts(name);
  }

  /**
   * Adds the attributes of the entry; adds nothing if the entry was removed or replaced meanwhile.
   */
  void addFacts(String entry, List<FileFacts> to) throws IOException {
    try {
      to.add(facts(Path.of(entry)));
    } catch (NoSuchFileException goneMeanwhile) {
      return;
    }
  }

  /**
   * Reads the attributes by path and compares the file key with the open directory. If both name
   * the same file, all attributes are valid, even if the path leads elsewhere by now.
   */
  private FileFacts facts(Path entry) throws IOException {
    Path path = directory.resolve(entry);
    Map<String, Object> unix =
        Files.readAttributes(path, UNIX, isLinkOfKernels(entry) ? FOLLOW : NEVER);
    if (!isLinkOfKernels(entry) && open instanceof SecureDirectoryStream<Path> secure) {
      BasicFileAttributeView view =
          secure.getFileAttributeView(entry, BasicFileAttributeView.class, NEVER);
      if (!view.readAttributes().fileKey().equals(unix.get("fileKey"))) {
        throw new NoSuchFileException(path.toString(), null, "is another file by now");
      }
    }
    return FileFacts.of(entry.toString(), unix);
  }

  SeekableByteChannel open(Set<StandardOpenOption> options) throws IOException {
    if (isDescriptor()) {
      return FileChannel.open(directory.resolve(name), options);
    }
    Set<OpenOption> never = new HashSet<>(options);
    never.add(LinkOption.NOFOLLOW_LINKS);
    return open instanceof SecureDirectoryStream<Path> secure
        ? secure.newByteChannel(name, never)
        : FileChannel.open(directory.resolve(name), never);
  }

  /** Creates a file; fails if the name exists, and never follows a symbolic link. */
  SeekableByteChannel create() throws IOException {
    Set<OpenOption> exclusively =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, NEVER[0]);
    FileAttribute<?>[] ownerOnly = ControlDirectory.ownerOnly("rw-------");
    return open instanceof SecureDirectoryStream<Path> secure
        ? secure.newByteChannel(name, exclusively, ownerOnly)
        : FileChannel.open(directory.resolve(name), exclusively, ownerOnly);
  }

  void delete() throws IOException {
    if (open instanceof SecureDirectoryStream<Path> secure) {
      secure.deleteFile(name);
    } else {
      Files.delete(directory.resolve(name));
    }
  }

  /** Renames the file, in place of the file at the other path, if that one exists. */
  void renameTo(OpenPath other) throws IOException {
    if (open instanceof SecureDirectoryStream<Path> secure) {
      secure.move(name, (SecureDirectoryStream<Path>) other.open, other.name);
    } else {
      Path to = other.directory.resolve(other.name);
      Files.move(directory.resolve(name), to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public Iterator<Path> iterator() {
    return open.iterator();
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
