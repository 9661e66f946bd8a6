package io.allocmem.launcher.control;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileOwnerAttributeView;

/**
 * A file of ours that nobody uses any more.
 *
 * @param user whose control directory it lies in
 * @param what for people: what it was, and of whom
 */
public record Leftover(String user, Path path, String what) {

  /**
   * Removes it, unless a plan took it meanwhile. By its name in the directory that is open, and
   * still that user's: root must not be led elsewhere by a user who puts a link in its place.
   *
   * @return whether it is gone
   */
  public boolean remove() throws IOException {
    Path directory = path.getParent();
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(directory.getParent())) {
      if (!(parent instanceof SecureDirectoryStream<Path> secure)) {
        return !isTaken() && Files.deleteIfExists(path);
      }
      try (SecureDirectoryStream<Path> open =
          secure.newDirectoryStream(directory.getFileName(), LinkOption.NOFOLLOW_LINKS)) {
        String owner = open.getFileAttributeView(FileOwnerAttributeView.class).getOwner().getName();
        if (!owner.equals(user) || isTaken()) {
          return false;
        }
        open.deleteFile(path.getFileName());
        return true;
      }
    }
  }

  private boolean isTaken() throws IOException {
    return Leftovers.isLocked(path);
  }
}
