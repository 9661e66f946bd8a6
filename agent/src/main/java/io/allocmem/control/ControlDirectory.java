package io.allocmem.control;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;

/**
 * The directory of one user's control files: in a directory that all may write to, so it is used
 * only when it is that user's own, and no link. Somebody else can have taken the usual name: then
 * it has another one, which nobody can guess. Where {@code /tmp} is missing, full, read-only, or
 * lets others replace what is in it, it is in {@code /dev/shm}.
 */
public final class ControlDirectory {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /**
   * Where HotSpot keeps its own such files: {@code /tmp} on Linux, whatever {@code java.io.tmpdir}
   * says, so that both ends look in one place.
   */
  private static final String[] ROOTS =
      LINUX
          ? new String[] {"/tmp", "/dev/shm"}
          : new String[] {System.getProperty("java.io.tmpdir")};

  /** Others can have laid any number of names there. */
  private static final int MOST_NAMES = 20_000;

  private ControlDirectory() {}

  /** What to do with a directory: it may have no room, or forbid it. */
  public interface Use<T> {
    /**
     * Uses the directory.
     *
     * @throws FileSystemException when another directory may serve
     * @throws FileNotFoundException the same
     */
    T in(Path directory) throws IOException;
  }

  /** Where that user's directory usually is. */
  public static Path of(String user) {
    return Paths.get(ROOTS[0], nameFor(user));
  }

  private static String nameFor(String user) {
    return "allocmem_" + user.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /**
   * The directory of this process's user, made if it is not there.
   *
   * @throws IOException with a sentence that names what was tried, when there is no place for one
   */
  public static Path own() throws IOException {
    return use(
        new Use<Path>() {
          @Override
          public Path in(Path directory) {
            return directory;
          }
        });
  }

  /**
   * Uses the first directory of this process's user that serves.
   *
   * @throws IOException with a sentence that names what was tried, when none does
   */
  public static <T> T use(Use<T> use) throws IOException {
    return use(use, ROOTS);
  }

  static <T> T use(Use<T> use, String... roots) throws IOException {
    StringBuilder tried = new StringBuilder();
    for (String root : roots) {
      try {
        return use.in(ownIn(Paths.get(root), nameFor(ThisProcess.user())));
      } catch (FileSystemException | FileNotFoundException unusable) {
        tried.append(tried.length() == 0 ? "" : "; ").append(root).append(": ");
        tried.append(why(unusable));
      }
    }
    throw new IOException(
        "no directory for the plan's files (" + tried + "): make one of them writable");
  }

  private static String why(IOException unusable) {
    boolean named = unusable instanceof FileSystemException;
    String reason = named ? ((FileSystemException) unusable).getReason() : unusable.getMessage();
    return reason == null ? unusable.getClass().getSimpleName() : reason;
  }

  /** By its usual name, or by one that an earlier plan made up, or by a new one. */
  private static Path ownIn(Path root, String name) throws IOException {
    Trust.requireSticky(root);
    Path usual = root.resolve(name);
    try {
      Files.createDirectory(usual, ownerOnly("rwx------"));
    } catch (FileAlreadyExistsException expected) {
      // made by an earlier plan, or planted: looked at below
    }
    if (Trust.isOwnDirectory(usual)) {
      return usual;
    }
    Path other = findIn(root, name + "-");
    return other != null
        ? other
        : Files.createTempDirectory(root, name + "-", ownerOnly("rwx------"));
  }

  private static Path findIn(Path root, String beginning) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
      Iterator<Path> entries = all.iterator();
      for (int seen = 0; seen < MOST_NAMES && entries.hasNext(); seen++) {
        Path entry = entries.next();
        if (entry.getFileName().toString().startsWith(beginning) && Trust.isOwnDirectory(entry)) {
          return entry;
        }
      }
      return null;
    } catch (DirectoryIteratorException e) {
      return null;
    }
  }

  /** So a file is made for its owner's eyes only, as with {@code rw-------}. */
  public static FileAttribute<?>[] ownerOnly(String permissions) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0]; // Windows: there a user's temporary directory is private
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }
}
