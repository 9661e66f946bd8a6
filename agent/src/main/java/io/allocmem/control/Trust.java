package io.allocmem.control;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whether a file in a control directory can be what its name says, or may have been laid there by
 * somebody else: by a link to a file that is precious, or as a file that others can write. Looks at
 * the file itself, never through a link. Called by the thread that brought the agent, and by
 * launchers.
 */
public final class Trust {
  private static final int KIND = 0170000;
  private static final int FILE = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int OWNERS = 0700;
  private static final int LINK = 0120000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;
  private static final Integer ROOT = 0;

  private Trust() {}

  /**
   * Refuses a file that could be somebody else's.
   *
   * @throws IOException with a sentence, cause and remedy
   */
  public static void require(Path file) throws IOException {
    String objection = objection(file);
    if (objection != null) {
      throw new IOException(file + " " + objection + ": remove it");
    }
  }

  /** Why a file in a control directory is not to be used, as a predicate; null when it may be. */
  public static String objection(Path file) throws IOException {
    if (!isAskable()) {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? null : "is no file";
    }
    Map<String, Object> found = look(file);
    int mode = (Integer) found.get("mode");
    if ((mode & KIND) != FILE) {
      return (mode & KIND) == LINK ? "is a link, which is never followed" : "is no file";
    }
    Object owner = found.get("uid");
    if (!owner.equals(ROOT) && !owner.equals(look(file.toAbsolutePath().getParent()).get("uid"))) {
      return "belongs to another user than its directory";
    }
    if ((Integer) found.get("nlink") > 1) { // where fs.protected_hardlinks is off, anybody's doing
      return "is a hard link to a file that has another name as well";
    }
    return isWritableByOthers(file) ? "can be written by others than its owner" : null;
  }

  /**
   * Why a file is not to be written to, as a predicate; null when it is a file of this process's
   * user, and has no other name.
   */
  public static String objectionToOwn(Path file) throws IOException {
    if (!isAskable()) {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? null : "is no regular file";
    }
    Map<String, Object> found = look(file);
    int mode = (Integer) found.get("mode");
    if ((mode & KIND) != FILE) {
      return (mode & KIND) == LINK ? "is a link, which is never followed" : "is no regular file";
    }
    if (!found.get("uid").equals(ThisProcess.uid())) {
      return "belongs to another user";
    }
    return (Integer) found.get("nlink") > 1 ? "is a hard link to a file of another name" : null;
  }

  /** Whether it is a directory of this process's user, no link, that nobody else can write to. */
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
   * Refuses a directory in which others could put their own in the place of what is made there: a
   * {@code /tmp} of mode 777, as Kubernetes makes an emptyDir.
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

  /** Whether its mode lets its group or everybody write. */
  public static boolean isWritableByOthers(Path path) throws IOException {
    return isAskable() && ((Integer) look(path).get("mode") & WRITABLE_BY_OTHERS) != 0;
  }

  /** Not on Windows: there a user's temporary directory is private. */
  private static boolean isAskable() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  }

  private static Map<String, Object> look(Path path) throws IOException {
    return Files.readAttributes(path, "unix:mode,uid,nlink", LinkOption.NOFOLLOW_LINKS);
  }
}
