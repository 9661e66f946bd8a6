package io.allocmem.launcher.control;

import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a plan's control file is to be had.
 *
 * @param name the plan's
 * @param path that of the plan's own descriptor where the directory has the file no more
 * @param facts the file that was looked at, and no other, is opened
 */
record PlanFile(String name, Path path, FileFacts facts) {
  /** More than a JVM has open by default. */
  private static final int MOST_DESCRIPTORS = 20_000;

  /**
   * Adds those that the process has open and no directory has, as when {@code /tmp} was cleaned.
   */
  static void addUnlinked(LinuxProcess process, Map<String, PlanFile> files) {
    String name = ".*/allocmem_[^/]*/" + process.pidInside() + "\\.([^/]+) \\(deleted\\)";
    Pattern pattern = Pattern.compile(name, Pattern.DOTALL);
    ForeignFiles foreign = ForeignFiles.of(process.pid());
    try {
      for (FileFacts open : foreign.list(process.descriptors(), "", MOST_DESCRIPTORS)) {
        if (isOwn(process, open)) {
          Path descriptor = process.descriptors().resolve(open.name());
          Matcher path = pattern.matcher(foreign.link(descriptor));
          if (path.matches() && ControlPlace.NAME.matcher(path.group(1)).matches()) {
            files.putIfAbsent(path.group(1), new PlanFile(path.group(1), descriptor, open));
          }
        }
      }
    } catch (IOException deadOrNotOurs) {
      return;
    }
  }

  /** The kernel's link leads to the very file, whatever its text says: asked of that. */
  private static boolean isOwn(LinuxProcess process, FileFacts open) {
    return open.isFile()
        && !open.isWritableByOthers()
        && open.uid() == process.uid()
        && open.links() == 0;
  }

  /** Opens it for both ways. */
  ForeignFiles.Channel open(ForeignFiles foreign) throws IOException {
    return foreign.open(path, facts);
  }
}
