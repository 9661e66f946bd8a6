package io.allocmem.launcher.control;

import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.PidsInside;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An allocmem file that no process uses any more.
 *
 * @param what description for people: kind and origin of the file
 * @param facts attributes of the inspected file; only this file is removed
 */
public record Leftover(Path path, String what, FileFacts facts) {

  /**
   * Removes the file, unless a plan uses the file meanwhile. Removes by name in the opened
   * directory: a user could replace the file or the directory by a symbolic link and so lead root
   * elsewhere.
   *
   * @return true if the file is gone
   */
  public boolean remove() {
    try {
      if (PlanUse.isControlFile(path.getFileName().toString())
          && PlanUse.of(path, facts).isUsed(PidsInside::look)) {
        return false;
      }
      ForeignFiles.here().delete(path, facts);
      return true;
    } catch (IOException swapped) {
      return false;
    }
  }
}
