package io.allocmem.control;

import io.allocmem.plan.Scan;
import java.io.DataInputStream;
import java.io.FileInputStream;
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
 * Directory of a user's control files. The parent directory is writable by all users. The control
 * directory is used only if the user owns the directory, and never through a symbolic link. Another
 * user can have taken the usual name. In this case the directory has a second name that nobody can
 * guess. If {@code /tmp} is missing, full, read-only, or lets other users replace files, {@code
 * /dev/shm} is used.
 */
public final class ControlDirectory {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /**
   * Parent directories, as HotSpot uses for its own files: {@code /tmp} on Linux, whatever {@code
   * java.io.tmpdir} is. Agent and launcher therefore search in the same place.
   */
  private static final String[] ROOTS =
      LINUX
          ? new String[] {"/tmp", "/dev/shm"}
          : new String[] {System.getProperty("java.io.tmpdir")};

  /** Upper bound of entries to search: other users can have created any number of names. */
  private static final int MOST_NAMES = 20_000;

  private ControlDirectory() {}

  /** Action with a directory that may have no room, or may forbid the action. */
  public interface Use<T> {
    /**
     * Uses the directory.
     *
     * @throws FileSystemException if another directory may work
     * @throws FileNotFoundException if another directory may work
     */
    T in(Path directory) throws IOException;
  }

  /** Returns the usual directory of this user. */
  public static Path of(String user) {
    return Paths.get(ROOTS[0], nameFor(user));
  }

  private static String nameFor(String user) {
    StringBuilder name = new StringBuilder("allocmem_");
    for (int at = 0; at < user.length(); at += Character.charCount(user.codePointAt(at))) {
      int c = user.codePointAt(at);
      name.append(Scan.isWordCharacter(c, "._-") ? (char) c : '_');
    }
    return name.toString();
  }

  /**
   * Returns the directory of this process's user, created if missing.
   *
   * @throws IOException with a sentence that names each directory tried, if no directory works
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
   * Uses the first directory of this process's user that works.
   *
   * @throws IOException with a sentence that names each directory tried, if no directory works
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

  /**
   * Returns the directory by its usual name, by a name that an earlier plan invented, or by a new
   * name.
   */
  private static Path ownIn(Path root, String name) throws IOException {
    Trust.requireSticky(root);
    Path usual = root.resolve(name);
    if (Trust.isOwnDirectory(usual)) { // first: the attributes of a new directory need 10 classes
      return usual;
    }
    try {
      Files.createDirectory(usual, ownerOnly("rwx------"));
    } catch (FileAlreadyExistsException expected) {
      // made by another plan at this moment, or planted by another user: checked below
    }
    if (Trust.isOwnDirectory(usual)) {
      return usual;
    }
    Path other = findIn(root, name + "-");
    return other != null ? other : create(root, name + "-");
  }

  /**
   * Creates a directory with a name that nobody can guess. Reads the kernel's random numbers: those
   * of {@code Files.createTempDirectory} keep /dev/random and /dev/urandom open in the service.
   */
  private static Path create(Path root, String beginning) throws IOException {
    long number;
    try (DataInputStream kernel = new DataInputStream(new FileInputStream("/dev/urandom"))) {
      number = kernel.readLong() & Long.MAX_VALUE;
    } catch (FileNotFoundException noSuchKernel) {
      return Files.createTempDirectory(root, beginning, ownerOnly("rwx------"));
    }
    return Files.createDirectory(root.resolve(beginning + number), ownerOnly("rwx------"));
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

  /** Returns attributes of a new file that only its owner can access, as with {@code rw-------}. */
  public static FileAttribute<?>[] ownerOnly(String permissions) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0]; // on Windows the temporary directory of a user is private
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }
}
