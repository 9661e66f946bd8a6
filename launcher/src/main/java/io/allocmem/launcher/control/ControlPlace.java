package io.allocmem.launcher.control;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.process.Couriers;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds the control files of a process from here: in the process's own root directory, under the
 * pid of its own pid namespace. Skips files of other users and unsafe files: a bad file must not
 * hide the good files. Reads only.
 */
final class ControlPlace {
  /** Pattern of a plan's name; see {@code name=} of the agent's arguments. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  /** Prefix of the name of a control directory. */
  static final String PREFIX = "allocmem_";

  static final int MOST_DIRECTORIES = 1000;
  private static final int MOST_FILES = 200;

  private final LinuxProcess process;
  private final ForeignFiles files;
  private final Map<String, PlanFile> found = new TreeMap<>();
  private final List<String> passedOver = new ArrayList<>();
  private ForeignFiles.LateException late;

  private ControlPlace(long pid) {
    process = new LinuxProcess(pid);
    files = ForeignFiles.of(pid);
  }

  /**
   * Finds the control files of all plans of that process. Includes open files that a cleaned {@code
   * /tmp} no longer has.
   *
   * @throws IOException if this user may not read the files
   */
  static ControlPlace of(long pid) throws IOException {
    ControlPlace place = new ControlPlace(pid);
    if (!LinuxProcess.isSupported()) {
      place.lookHere(pid);
      return place;
    }
    boolean alive = place.process.exists();
    int owner = (alive ? place.process : LinuxProcess.self()).uid();
    boolean elsewhere = alive && place.hasOwnTemporary();
    if (place.late != null) {
      return place; // the place of the files would be a guess
    }
    // files of a dead process of this user are in the launcher's own /tmp
    place.lookBelow(elsewhere ? place.process.temporary() : Path.of("/tmp"), owner, true);
    place.lookBelow(elsewhere ? place.process.sharedMemory() : Path.of("/dev/shm"), owner, false);
    PlanFile.addUnlinked(place.process, place.found);
    if (alive && place.found.isEmpty() && Couriers.isClosedToRoot(place.process)) {
      throw Couriers.outOfReach(place.process, "JVM");
    }
    return place;
  }

  /** Returns the files, ordered by plan name. */
  Collection<PlanFile> files() {
    return found.values();
  }

  /** Returns the skipped files with reasons, one sentence each. */
  List<String> passedOver() {
    return passedOver;
  }

  /** Returns the first exception for a late answer; null if all answers were in time. */
  ForeignFiles.LateException late() {
    return late;
  }

  private boolean hasOwnTemporary() {
    try {
      return !process.isTemporaryShared();
    } catch (ForeignFiles.LateException e) {
      passOver(process.temporary(), e);
      return false;
    }
  }

  /**
   * Compares uids, not names. A container has its own user names, or none, and the agent in the
   * container uses this name in the directory name.
   */
  private void lookBelow(Path temporary, int owner, boolean required) throws IOException {
    try {
      for (FileFacts directory : files.list(temporary, PREFIX, MOST_DIRECTORIES)) {
        Path path = temporary.resolve(directory.name());
        if (!directory.isDirectory() || directory.uid() != owner) {
          continue; // created by another user
        }
        if (directory.isWritableByOthers()) {
          passedOver.add(path + " can be written by others than its owner: chmod 700 it");
        } else {
          lookInto(path, owner);
        }
      }
    } catch (java.nio.file.AccessDeniedException e) {
      if (required) {
        throw e;
      }
    } catch (ForeignFiles.LateException e) {
      passOver(temporary, e);
    } catch (IOException noSuchPlace) {
      return;
    }
  }

  private void passOver(Path directory, ForeignFiles.LateException e) {
    late = late == null ? e : late;
    passedOver.add(directory + " did not answer in time: try again");
  }

  private void lookInto(Path directory, int owner) {
    String prefix = process.pidInside() + ".";
    try {
      for (FileFacts file : files.list(directory, prefix, MOST_FILES)) {
        String name = file.name().substring(prefix.length());
        Path path = directory.resolve(file.name());
        String objection = file.objection(owner);
        if (objection != null) {
          passedOver.add(path + " " + objection + ": remove it");
        } else if (NAME.matcher(name).matches()) {
          found.putIfAbsent(name, new PlanFile(name, path, file));
        }
      }
    } catch (ForeignFiles.LateException e) {
      passOver(directory, e);
    } catch (IOException unreadable) {
      passedOver.add(directory + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Finds the files on a system without /proc. */
  private void lookHere(long pid) throws IOException {
    Path directory = ControlDirectory.of(System.getProperty("user.name"));
    if (!Files.isDirectory(directory)) {
      return;
    }
    String prefix = pid + ".";
    try (var entries = Files.newDirectoryStream(directory, prefix + "*")) {
      for (Path file : entries) {
        String name = file.getFileName().toString().substring(prefix.length());
        found.put(name, new PlanFile(name, file, null));
      }
    }
  }
}
