package io.allocmem.launcher.control;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.status.ControlDirectory;
import io.allocmem.status.Trust;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a process keeps its control files, seen from here: in its own root directory, under the pid
 * by which it knows itself. Reads only.
 */
record ControlPlace(LinuxProcess process) {
  private static final Path TEMPORARY = Path.of("/tmp");

  /**
   * The control files of that process, of all its plans, in the order of their names; those as well
   * that a cleaned {@code /tmp} has no more.
   *
   * @throws IOException when they are not for this user's eyes
   */
  static Collection<PlanFile> filesOf(long pid) throws IOException {
    ControlPlace place = new ControlPlace(new LinuxProcess(pid));
    boolean linux = LinuxProcess.isSupported();
    String prefix = (linux ? place.process.pidInside() : pid) + ".";
    Map<String, PlanFile> files = new TreeMap<>();
    for (Path directory : linux ? place.directories() : ownDirectory()) {
      if (Trust.isWritableByOthers(directory)) {
        throw new Failure(
            "%s can be written by others than user %s: chmod 700 it"
                .formatted(directory, place.process.user()));
      }
      try (DirectoryStream<Path> inside = Files.newDirectoryStream(directory, prefix + "*")) {
        for (Path file : inside) {
          String name = file.getFileName().toString().substring(prefix.length());
          files.put(name, new PlanFile(name, file, false));
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    if (linux) {
      PlanFile.addUnlinked(place.process, files);
    }
    return files.values();
  }

  private static List<Path> ownDirectory() {
    Path directory = ControlDirectory.of(System.getProperty("user.name"));
    return Files.exists(directory) ? List.of(directory) : List.of();
  }

  /**
   * By the number of the owner: a container knows its users by names of its own, or by none, and
   * the agent in it names its directory so. What somebody else planted is not looked at.
   */
  private List<Path> directories() throws IOException {
    boolean alive = process.exists();
    // what a dead process of ours left is in our own /tmp
    Path temporary = alive && !process.sharesTemporary() ? process.temporary() : TEMPORARY;
    int owner = (alive ? process : LinuxProcess.self()).uid();
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
      return found; // a link would lead out of the container, to a path of ours
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(temporary, "allocmem_*")) {
      for (Path directory : all) {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
            && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(owner)) {
          found.add(directory);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }
}
