package io.allocmem.launcher.control;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.status.Trust;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a plan's control file is to be had.
 *
 * @param name the plan's
 * @param unlinked whether its directory has it no more, as when {@code /tmp} was cleaned: the path
 *     is that of the plan's own descriptor then
 */
record PlanFile(String name, Path path, boolean unlinked) {
  private static final int KIND_AND_WRITABLE_BY_OTHERS = 0170022;
  private static final int FILE = 0100000;

  /** Adds those that the process has open and no directory has. */
  static void addUnlinked(LinuxProcess process, Map<String, PlanFile> files) throws IOException {
    Pattern pattern =
        Pattern.compile(".*/allocmem_[^/]*/" + process.pidInside() + "\\.([^/]+) \\(deleted\\)");
    if (!Files.isReadable(process.descriptors())) {
      return; // a dead or another user's process
    }
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.descriptors())) {
      for (Path descriptor : open) {
        Matcher path = pattern.matcher(target(descriptor));
        if (path.matches() && isOwn(process, descriptor)) {
          files.putIfAbsent(path.group(1), new PlanFile(path.group(1), descriptor, true));
        }
      }
    } catch (DirectoryIteratorException ended) {
      return;
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  /** The kernel's link leads to the very file, whatever its text says: asked of that. */
  private static boolean isOwn(LinuxProcess process, Path descriptor) {
    try {
      Map<String, Object> file = Files.readAttributes(descriptor, "unix:mode,uid,nlink");
      int mode = (Integer) file.get("mode");
      return (mode & KIND_AND_WRITABLE_BY_OTHERS) == FILE
          && file.get("uid").equals(process.uid())
          && file.get("nlink").equals(0);
    } catch (IOException closed) {
      return false;
    }
  }

  /**
   * Opens it for both ways.
   *
   * @throws Failure when it could be somebody else's
   */
  FileChannel open() throws IOException {
    if (unlinked) {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    String objection = Trust.objection(path);
    if (objection != null) {
      throw new Failure(path + " " + objection + ": remove it");
    }
    return FileChannel.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }
}
