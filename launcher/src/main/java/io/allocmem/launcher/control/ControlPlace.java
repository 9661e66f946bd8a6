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
 * Where a process keeps its control files, seen from here: in its own root directory, under the pid
 * by which it knows itself. What is not that user's, or could be somebody else's doing, is passed
 * over: one bad file must not hide the good ones. Looks only.
 */
final class ControlPlace {
  /** A plan's name; see {@code name=} of the agent's arguments. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  /** How the name of a control directory begins. */
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
   * Looks for the control files of that process, of all its plans; for those as well that a cleaned
   * {@code /tmp} has no more.
   *
   * @throws IOException when they are not for this user's eyes
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
      return place; // where it is would be a guess
    }
    // what a dead process of ours left is in our own /tmp
    place.lookBelow(elsewhere ? place.process.temporary() : Path.of("/tmp"), owner, true);
    place.lookBelow(elsewhere ? place.process.sharedMemory() : Path.of("/dev/shm"), owner, false);
    PlanFile.addUnlinked(place.process, place.found);
    if (alive && place.found.isEmpty() && Couriers.isClosedToRoot(place.process)) {
      throw Couriers.outOfReach(place.process, "JVM");
    }
    return place;
  }

  /** The files, in the order of the plans' names. */
  Collection<PlanFile> files() {
    return found.values();
  }

  /** What was not looked at, and why: a sentence each. */
  List<String> passedOver() {
    return passedOver;
  }

  /** The first look that took too long; null when all were in time. */
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
   * By the number of the owner: a container knows its users by names of its own, or by none, and
   * the agent in it names its directory so.
   */
  private void lookBelow(Path temporary, int owner, boolean required) throws IOException {
    try {
      for (FileFacts directory : files.list(temporary, PREFIX, MOST_DIRECTORIES)) {
        Path path = temporary.resolve(directory.name());
        if (!directory.isDirectory() || directory.uid() != owner) {
          continue; // what somebody else planted
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

  /** On a system without /proc. */
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
