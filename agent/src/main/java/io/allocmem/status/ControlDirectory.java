package io.allocmem.status;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of one user's control files: in a directory that all may write to, so it is used
 * only when it is that user's own, and no link.
 */
public final class ControlDirectory {
  private ControlDirectory() {}

  /**
   * Where that user's directory is. Where HotSpot keeps its own such files: {@code /tmp} on Linux,
   * whatever {@code java.io.tmpdir} says, so that both ends look in one place.
   */
  public static Path of(String user) {
    boolean linux = System.getProperty("os.name").equals("Linux");
    String temporary = linux ? "/tmp" : System.getProperty("java.io.tmpdir");
    return Paths.get(temporary, "allocmem_" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  /**
   * The directory of this process's user, made if it is not there.
   *
   * @throws IOException with a sentence, when something else is in its place
   */
  public static Path own() throws IOException {
    String user = Self.user();
    Path directory = of(user);
    try {
      Files.createDirectory(directory, ownerOnly("rwx------"));
    } catch (FileAlreadyExistsException expected) {
      // made by an earlier plan, or planted: looked at below
    }
    require(user, directory);
    return directory;
  }

  /**
   * Refuses a directory that others than its user could have laid files into.
   *
   * @throws IOException with a sentence, cause and remedy
   */
  public static void require(String user, Path directory) throws IOException {
    if (!isOwnedBy(user, directory)) {
      throw new IOException(directory + " is not a directory of user " + user + ": remove it");
    }
    if (Trust.isWritableByOthers(directory)) {
      throw new IOException(
          directory + " can be written by others than user " + user + ": chmod 700 it");
    }
  }

  /** Whether it is a directory, no link, and that user's. */
  public static boolean isOwnedBy(String user, Path directory) throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && (!hasPermissions()
            || Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName().equals(user));
  }

  /** So a file is made for its owner's eyes only, as with {@code rw-------}. */
  public static FileAttribute<?>[] ownerOnly(String permissions) {
    if (!hasPermissions()) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  /** Not on Windows: there a user's temporary directory is private. */
  private static boolean hasPermissions() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
