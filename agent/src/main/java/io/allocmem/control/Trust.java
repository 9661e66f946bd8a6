package io.allocmem.control;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Checks a file in a control directory. Another user may have planted the file: a link to a
 * valuable file, or a file that other users can write. Checks the file itself, never through a
 * link. Called by the attach thread and by launchers.
 */
public final class Trust {
  private static final int KIND = 0170000;
  private static final int FILE = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int OWNERS = 0700;
  private static final int OTHERS = 0077;
  private static final int LINK = 0120000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;
  private static final Integer ROOT = 0;

  private Trust() {}

  /**
   * Refuses a file that could belong to another user.
   *
   * @throws IOException with a sentence, cause and remedy
   */
  public static void require(Path file) throws IOException {
    String objection = objection(file);
    if (objection != null) {
      throw new IOException(file + " " + objection + ": remove it");
    }
  }

  /** Returns the objection to a file in a control directory, as a predicate; null for none. */
  public static String objection(Path file) throws IOException {
    if (!isAskable()) {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? null : "is not a file";
    }
    Map<String, Object> found = look(file);
    int mode = (Integer) found.get("mode");
    if ((mode & KIND) != FILE) {
      return (mode & KIND) == LINK ? "is a link, which is never followed" : "is not a file";
    }
    Object owner = found.get("uid");
    if (!owner.equals(ROOT) && !owner.equals(look(file.toAbsolutePath().getParent()).get("uid"))) {
      return "belongs to another user than its directory";
    }
    if ((Integer) found.get("nlink") > 1) { // any user can do this if fs.protected_hardlinks is off
      return "is a hard link to a file that has another name as well";
    }
    return isWritableByOthers(file) ? "can be written by others than its owner" : null;
  }

  /**
   * Returns the objection to writing to a file, as a predicate. Returns null for a file of this
   * process's user without a second name.
   */
  public static String objectionToOwn(Path file) throws IOException {
    if (!isAskable()) {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? null : "is not a regular file";
    }
    Map<String, Object> found = look(file);
    int mode = (Integer) found.get("mode");
    if ((mode & KIND) != FILE) {
      return (mode & KIND) == LINK ? "is a link, which is never followed" : "is not a regular file";
    }
    if (!found.get("uid").equals(ThisProcess.uid())) {
      return "belongs to another user";
    }
    return (Integer) found.get("nlink") > 1 ? "is a hard link to a file of another name" : null;
  }

  /**
   * Returns whether the path is a directory of this process's user, no link, and writable by nobody
   * else.
   */
  static boolean isOwnDirectory(Path path) throws IOException {
    if (!isAskable()) {
      return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }
    Map<String, Object> found;
    try {
      found = look(path);
    } catch (NoSuchFileException gone) {
      return false;
    }
    int mode = (Integer) found.get("mode");
    return (mode & KIND) == DIRECTORY
        && (mode & OWNERS) == OWNERS
        && (mode & WRITABLE_BY_OTHERS) == 0
        && found.get("uid").equals(ThisProcess.uid());
  }

  /**
   * Refuses a directory where other users could replace files of this process: a {@code /tmp} of
   * mode 777, as Kubernetes makes an emptyDir.
   *
   * @throws FileSystemException with a reason that names the remedy
   */
  static void requireSticky(Path root) throws IOException {
    if (isAskable()) {
      int mode = (Integer) Files.getAttribute(root, "unix:mode");
      if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
        throw new FileSystemException(
            root.toString(), null, "others can replace files there; chmod +t " + root);
      }
    }
  }

  /** Returns whether only the owner of a directory can enter it; false if this is unknown. */
  static boolean isPrivate(Path directory) throws IOException {
    return isAskable() && ((Integer) look(directory).get("mode") & OTHERS) == 0;
  }

  /** Returns whether the mode lets the group or everybody write. */
  public static boolean isWritableByOthers(Path path) throws IOException {
    return isAskable() && ((Integer) look(path).get("mode") & WRITABLE_BY_OTHERS) != 0;
  }

  /**
   * Returns whether modes and owners are available. On Windows they are not, but the temporary
   * directory of a user is private.
   */
  private static boolean isAskable() {
    return File.separatorChar == '/'; // the names of all views would load five classes
  }

  private static Map<String, Object> look(Path path) throws IOException {
    return Files.readAttributes(path, "unix:mode,uid,nlink", LinkOption.NOFOLLOW_LINKS);
  }
}
