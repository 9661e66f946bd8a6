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
 * Path of a plan's control file.
 *
 * @param name name of the plan
 * @param path if the directory no longer has the file: path of the process's descriptor
 * @param facts attributes of the inspected file; only this file is opened
 */
record PlanFile(String name, Path path, FileFacts facts) {
  /** More descriptors than a JVM has open by default. */
  private static final int MOST_DESCRIPTORS = 20_000;

  /**
   * Adds control files that the process has open but no directory contains, as after a cleaned
   * {@code /tmp}.
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

  /**
   * Checks the open file itself: the kernel's link leads to this file, whatever the text of the
   * link says.
   */
  private static boolean isOwn(LinuxProcess process, FileFacts open) {
    return open.isFile()
        && !open.isWritableByOthers()
        && open.uid() == process.uid()
        && open.links() == 0;
  }

  /** Opens the file for reading and writing. */
  ForeignFiles.Channel open(ForeignFiles foreign) throws IOException {
    return foreign.open(path, facts);
  }
}
