package io.allocmem.launcher.control;

import io.allocmem.control.ArmedLayout;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the control files of a process from here: in the process's own root directory, under the
 * pid of its own pid namespace. Skips files of other users and unsafe files: a bad file must not
 * hide the good files. Reads only.
 */
final class ControlFiles {
  /** Pattern of a plan's name; see {@code name=} of the agent's arguments. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  /** Prefix of the name of a control directory. */
  static final String PREFIX = "allocmem_";

  static final int MOST_DIRECTORIES = 1000;
  private static final int MOST_FILES = 200;

  /** More descriptors than a JVM has open by default. */
  private static final int MOST_DESCRIPTORS = 20_000;

  /**
   * Control file of a plan.
   *
   * @param name name of the plan
   * @param path if the directory no longer has the file: path of the process's descriptor
   * @param facts attributes of the inspected file; only this file is opened
   */
  record File(String name, Path path, FileFacts facts) {
    /** Opens the file for reading and writing. */
    ForeignFiles.Channel open(ForeignFiles foreign) throws IOException {
      return foreign.open(path, facts);
    }
  }

  private final LinuxProcess process;
  private final ForeignFiles files;
  private final Map<String, File> found = new TreeMap<>();
  private final List<File> armed = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private ForeignFiles.LateException late;

  private ControlFiles(long pid) {
    process = new LinuxProcess(pid);
    files = ForeignFiles.of(pid);
  }

  /**
   * Finds the control files of all plans of that process. Includes open files that a cleaned {@code
   * /tmp} no longer has.
   *
   * @throws IOException if this user may not read the files
   */
  static ControlFiles of(long pid) throws IOException {
    ControlFiles control = new ControlFiles(pid);
    if (!LinuxProcess.isSupported()) {
      control.findHere(pid);
      return control;
    }
    boolean alive = control.process.exists();
    int owner = (alive ? control.process : LinuxProcess.self()).uid();
    boolean elsewhere = alive && control.hasOwnTemporary();
    if (control.late != null) {
      return control; // the place of the files would be a guess
    }
    // files of a dead process of this user are in the launcher's own /tmp
    control.findBelow(elsewhere ? control.process.temporary() : Path.of("/tmp"), owner, true);
    control.findBelow(
        elsewhere ? control.process.sharedMemory() : Path.of("/dev/shm"), owner, false);
    control.addUnlinked();
    boolean none = control.found.isEmpty() && control.armed.isEmpty();
    if (alive && none && Couriers.isClosedToRoot(control.process)) {
      throw Couriers.outOfReach(control.process, "JVM");
    }
    return control;
  }

  /** Returns the files, ordered by plan name. */
  Collection<File> files() {
    return found.values();
  }

  /** Returns the files of armed agents: one at most is of a living agent. */
  List<File> armed() {
    return armed;
  }

  /** Returns the skipped files with reasons, one sentence each. */
  List<String> skipped() {
    return skipped;
  }

  /** Returns the first exception for a late answer; null if all answers were in time. */
  ForeignFiles.LateException late() {
    return late;
  }

  private boolean hasOwnTemporary() {
    try {
      return !process.isTemporaryShared();
    } catch (ForeignFiles.LateException e) {
      skip(process.temporary(), e);
      return false;
    }
  }

  /**
   * Compares uids, not names. A container has its own user names, or none, and the agent in the
   * container uses this name in the directory name.
   */
  private void findBelow(Path temporary, int owner, boolean required) throws IOException {
    try {
      for (FileFacts directory : files.list(temporary, PREFIX, MOST_DIRECTORIES)) {
        Path path = temporary.resolve(directory.name());
        if (!directory.isDirectory() || directory.uid() != owner) {
          continue; // created by another user
        }
        if (directory.isWritableByOthers()) {
          skipped.add(path + " can be written by others than its owner: chmod 700 it");
        } else {
          findIn(path, owner);
        }
      }
    } catch (java.nio.file.AccessDeniedException e) {
      if (required) {
        throw e;
      }
    } catch (ForeignFiles.LateException e) {
      skip(temporary, e);
    } catch (IOException noSuchPlace) {
      return;
    }
  }

  private void skip(Path directory, ForeignFiles.LateException e) {
    late = late == null ? e : late;
    skipped.add(directory + " did not answer in time: try again");
  }

  private void findIn(Path directory, int owner) {
    String prefix = process.pidInside() + ".";
    try {
      for (FileFacts file : files.list(directory, prefix, MOST_FILES)) {
        String name = file.name().substring(prefix.length());
        Path path = directory.resolve(file.name());
        String objection = file.objection(owner);
        if (objection != null) {
          skipped.add(path + " " + objection + ": remove it");
        } else if (NAME.matcher(name).matches()) {
          add(new File(name, path, file));
        }
      }
    } catch (ForeignFiles.LateException e) {
      skip(directory, e);
    } catch (IOException unreadable) {
      skipped.add(directory + " cannot be read: " + unreadable.getMessage());
    }
  }

  private void add(File file) {
    if (file.name.equals(ArmedLayout.NAME)) {
      armed.add(file);
    } else {
      found.putIfAbsent(file.name, file);
    }
  }

  /**
   * Adds control files that the process has open but no directory contains, as after a cleaned
   * {@code /tmp}.
   */
  private void addUnlinked() {
    String name = ".*/" + PREFIX + "[^/]*/" + process.pidInside() + "\\.([^/]+) \\(deleted\\)";
    Pattern pattern = Pattern.compile(name, Pattern.DOTALL);
    try {
      for (FileFacts open : files.list(process.descriptors(), "", MOST_DESCRIPTORS)) {
        if (isOwn(open)) {
          Path descriptor = process.descriptors().resolve(open.name());
          Matcher path = pattern.matcher(files.link(descriptor));
          if (path.matches() && NAME.matcher(path.group(1)).matches()) {
            add(new File(path.group(1), descriptor, open));
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
  private boolean isOwn(FileFacts open) {
    return open.isFile()
        && open.links() == 0
        && !open.isWritableByOthers()
        && open.uid() == process.uid();
  }

  /** Finds the files on a system without /proc. */
  private void findHere(long pid) throws IOException {
    Path directory = ControlDirectory.of(System.getProperty("user.name"));
    if (!Files.isDirectory(directory)) {
      return;
    }
    String prefix = pid + ".";
    try (var entries = Files.newDirectoryStream(directory, prefix + "*")) {
      for (Path file : entries) {
        String name = file.getFileName().toString().substring(prefix.length());
        add(new File(name, file, null));
      }
    }
  }
}
