package io.allocmem.launcher.process;

import java.util.Map;

/**
 * What the kernel says about a file itself, never about the file that a link leads to (inode(7)).
 *
 * @param name the last name of the path
 * @param modifiedMillis time of the last change of the content, in milliseconds since 1970
 * @param links number of hard links
 */
public record FileFacts(
    String name,
    int mode,
    int uid,
    long size,
    long modifiedMillis,
    int links,
    long device,
    long inode) {
  private static final int KIND = 0170000;
  private static final int FILE = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;
  private static final int SOCKET = 0140000;
  private static final int WRITABLE_BY_OTHERS = 0022;

  /** From the attributes of the view {@code unix}. */
  static FileFacts of(String name, Map<String, Object> unix) {
    return new FileFacts(
        name,
        (Integer) unix.get("mode"),
        (Integer) unix.get("uid"),
        ((Number) unix.get("size")).longValue(),
        ((java.nio.file.attribute.FileTime) unix.get("lastModifiedTime")).toMillis(),
        (Integer) unix.get("nlink"),
        ((Number) unix.get("dev")).longValue(),
        ((Number) unix.get("ino")).longValue());
  }

  /** One text for {@link #parse}: the name is the last, since it may have any character. */
  String print() {
    return "%d %d %d %d %d %d %d %s"
        .formatted(mode, uid, size, modifiedMillis, links, device, inode, name);
  }

  /**
   * The facts that {@link #print} printed.
   *
   * @throws RuntimeException when it did not
   */
  static FileFacts parse(String text) {
    String[] words = text.split(" ", 8);
    return new FileFacts(
        words[7],
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Integer.parseInt(words[4]),
        Long.parseLong(words[5]),
        Long.parseLong(words[6]));
  }

  /** Whether this is a regular file. */
  public boolean isFile() {
    return (mode & KIND) == FILE;
  }

  /** Whether this is a directory. */
  public boolean isDirectory() {
    return (mode & KIND) == DIRECTORY;
  }

  /** Whether this is a symbolic link. */
  public boolean isLink() {
    return (mode & KIND) == LINK;
  }

  /** Whether this is a socket. */
  public boolean isSocket() {
    return (mode & KIND) == SOCKET;
  }

  /** The owner's name, or number. */
  public String user() {
    return Users.nameOf(uid);
  }

  /** Whether the mode lets the group or everybody write. */
  public boolean isWritableByOthers() {
    return (mode & WRITABLE_BY_OTHERS) != 0;
  }

  /**
   * Why a file in a directory of that owner is not to be used, as a predicate; null when it may be.
   * The owner, and root, are trusted.
   */
  public String objection(int owner) {
    if (!isFile()) {
      return isLink() ? "is a link, which is never followed" : "is no file";
    }
    if (uid != 0 && uid != owner) {
      return "belongs to another user than its directory";
    }
    if (links > 1) { // where fs.protected_hardlinks is off, anybody's doing
      return "is a hard link to a file that has another name as well";
    }
    return isWritableByOthers() ? "can be written by others than its owner" : null;
  }

  /** Whether both are one file, whatever their names are. */
  public boolean isSame(FileFacts other) {
    return device == other.device && inode == other.inode;
  }
}
