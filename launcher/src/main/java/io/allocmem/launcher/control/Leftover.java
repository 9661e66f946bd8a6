package io.allocmem.launcher.control;

import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of ours that nobody uses any more.
 *
 * @param what for people: what it was, and of whom
 * @param facts the file that was looked at: no other is removed
 */
public record Leftover(Path path, String what, FileFacts facts) {

  /**
   * Removes it, unless a plan took it meanwhile. By its name in the directory that was walked to:
   * root must not be led elsewhere by a user who puts a link in the place of either.
   *
   * @return whether it is gone
   */
  public boolean remove() {
    try {
      if (PlanUse.isControlFile(path.getFileName().toString())
          && PlanUse.of(path, facts).isUsed()) {
        return false;
      }
      ForeignFiles.here().delete(path, facts);
      return true;
    } catch (IOException swapped) {
      return false;
    }
  }
}
