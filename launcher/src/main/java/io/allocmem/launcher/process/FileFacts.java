package io.allocmem.launcher.process;

import java.util.Map;

/**
 * Attributes of a file from the kernel (inode(7)). For a symbolic link, the attributes are those of
 * the link, never of the link's target.
 *
 * @param name last name of the path
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

  /** Reads the attributes of the view {@code unix}. */
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

  /**
   * Formats the attributes for {@link #parse}. The name comes last, since a name may contain any
   * character.
   */
  String print() {
    return "%d %d %d %d %d %d %d %s"
        .formatted(mode, uid, size, modifiedMillis, links, device, inode, name);
  }

  /**
   * Returns the attributes from the text of {@link #print}.
   *
   * @throws RuntimeException if the text has another format
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

  /** Returns true for a regular file. */
  public boolean isFile() {
    return (mode & KIND) == FILE;
  }

  /** Returns true for a directory. */
  public boolean isDirectory() {
    return (mode & KIND) == DIRECTORY;
  }

  /** Returns true for a symbolic link. */
  public boolean isLink() {
    return (mode & KIND) == LINK;
  }

  /** Returns true for a socket. */
  public boolean isSocket() {
    return (mode & KIND) == SOCKET;
  }

  /** Returns the name of the owner, or the uid. */
  public String user() {
    return Users.nameOf(uid);
  }

  /** Returns true if the mode gives write permission to the group or to everybody. */
  public boolean isWritableByOthers() {
    return (mode & WRITABLE_BY_OTHERS) != 0;
  }

  /**
   * Returns the reason not to use a file in a directory of that owner, as a predicate; null if
   * safe. The owner and root are trusted.
   */
  public String objection(int owner) {
    if (!isFile()) {
      return isLink() ? "is a link, which is never followed" : "is not a file";
    }
    if (uid != 0 && uid != owner) {
      return "belongs to another user than its directory";
    }
    if (links > 1) { // with fs.protected_hardlinks off, any user can create a hard link
      return "is a hard link to a file that has another name as well";
    }
    return isWritableByOthers() ? "can be written by others than its owner" : null;
  }

  /** Returns true if both are the same file, whatever the names are. */
  public boolean isSame(FileFacts other) {
    return device == other.device && inode == other.inode;
  }
}
