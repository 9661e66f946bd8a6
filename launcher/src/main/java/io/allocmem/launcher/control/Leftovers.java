package io.allocmem.launcher.control;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.PidsInside;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Files left in the control directories by killed JVMs and killed launchers. Covers this user's
 * directories; for root, the directories of all users.
 *
 * <p>Reads only, and opens no file that could belong to another user. Never counts a file of a
 * living plan. Not thread-safe: for use by a single thread.
 */
public final class Leftovers {
  /** Empty file, locked by launchers during an attach; stays for the next attach. */
  public static final String TURNS = "attach.lock";

  private static final Pattern AGENT = Pattern.compile("agent-\\d+\\.jar(\\.answer)?");
  private static final Pattern LIBRARY = Pattern.compile("pages-\\d+\\.so");

  /** Minimum age of a leftover: an attach, or the creation of a file, takes seconds at most. */
  private static final long IN_USE_MILLIS = 60_000;

  /** Time limit for all directories together: a command must end within two seconds. */
  private static final long LOOK_MILLIS = 1000;

  private static final int MOST_FILES = 1000;

  /** Time in which a living plan writes several heartbeats. */
  private static final long HEARTBEATS_MILLIS = 500;

  private final List<Leftover> ours = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final Map<Leftover, PlanUse> doubtful = new LinkedHashMap<>();

  private PidsInside processes;

  private Leftovers() {}

  /** Finds the leftovers in the directories of this user. */
  public static Leftovers find() {
    Leftovers found = new Leftovers();
    for (Path temporary : places()) {
      List<FileFacts> directories = found.directoriesIn(temporary);
      TimeLimit.each(
              LOOK_MILLIS,
              directories,
              directory -> in(temporary.resolve(directory.name()), directory),
              directory -> late(temporary.resolve(directory.name())))
          .forEach(found::add);
    }
    return found;
  }

  private static List<Path> places() {
    Path usual = ControlDirectory.of("any").getParent();
    return LinuxProcess.isSupported() ? List.of(usual, Path.of("/dev/shm")) : List.of(usual);
  }

  /** Returns the directories of this user; for root, of all users. */
  private List<FileFacts> directoriesIn(Path temporary) {
    int self = LinuxProcess.isSupported() ? LinuxProcess.self().uid() : 0;
    try {
      return ForeignFiles.here()
          .list(temporary, ControlFiles.PREFIX, ControlFiles.MOST_DIRECTORIES)
          .stream()
          .filter(directory -> self == 0 || directory.uid() == self)
          .sorted(Comparator.comparing(FileFacts::name))
          .toList();
    } catch (NoSuchFileException noSuchPlace) {
      return List.of();
    } catch (IOException unreadable) {
      others.add(temporary + " cannot be read: " + unreadable.getMessage());
      return List.of();
    }
  }

  private static Leftovers late(Path directory) {
    Leftovers none = new Leftovers();
    none.others.add(directory + " does not answer");
    return none;
  }

  private static Leftovers in(Path path, FileFacts directory) {
    Leftovers found = new Leftovers();
    found.findIn(path, directory);
    return found;
  }

  private void add(Leftovers more) {
    ours.addAll(more.ours);
    others.addAll(more.others);
  }

  /** Returns the files that {@code clean} may remove. */
  public List<Leftover> ours() {
    return ours;
  }

  /** Returns files not created by allocmem and unsafe or unreadable paths, one sentence each. */
  public List<String> others() {
    return others;
  }

  private void findIn(Path path, FileFacts directory) {
    if (!directory.isDirectory()) {
      others.add(path + " is not a directory: remove it");
      return;
    }
    if (directory.isWritableByOthers()) {
      others.add(path + " can be written by others than its owner: chmod 700 it");
      return;
    }
    try {
      ForeignFiles.here().list(path, "", MOST_FILES).stream()
          .sorted(Comparator.comparing(FileFacts::name))
          .forEach(file -> inspect(path.resolve(file.name()), file, directory));
      inspectAgain();
    } catch (IOException unreadable) {
      others.add(path + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Checks all doubtful files once more: a living plan has written a heartbeat by then. */
  private void inspectAgain() {
    if (doubtful.isEmpty()) {
      return;
    }
    pause();
    doubtful.forEach(
        (leftover, before) -> {
          try {
            if (PlanUse.of(leftover.path(), leftover.facts()).isLaterThan(before)) {
              ours.remove(leftover);
            }
          } catch (IOException goneMeanwhile) {
            ours.remove(leftover);
          }
        });
  }

  private static void pause() {
    try {
      Thread.sleep(HEARTBEATS_MILLIS);
    } catch (InterruptedException late) {
      Thread.currentThread().interrupt();
    }
  }

  private void inspect(Path path, FileFacts file, FileFacts directory) {
    String name = file.name();
    String objection = file.objection(directory.uid());
    if (name.equals(TURNS)) {
      return;
    }
    if (objection != null) {
      others.add(path + " " + objection);
    } else if (PlanUse.isControlFile(name)) {
      inspectControlFile(path, file);
    } else if (!AGENT.matcher(name).matches() && !LIBRARY.matcher(name).matches()) {
      others.add(path + " was not created by allocmem: unknown name");
    } else if (!isYoung(file)) {
      boolean jar = AGENT.matcher(name).matches();
      String what = jar ? "of a launcher that was killed" : "of a JVM that was killed";
      ours.add(new Leftover(path, what, file));
    }
  }

  private void inspectControlFile(Path path, FileFacts file) {
    try {
      PlanUse use = PlanUse.of(path, file);
      if (!use.begins()) {
        if (!isYoung(file)) {
          others.add(path + " was not created by allocmem: no control file");
        }
      } else if (!use.isUsed(this::processes)) {
        String[] words = file.name().split("\\.");
        String of = PlanUse.isArmed(file.name()) ? "armed agent" : "plan " + words[1];
        String what = "%s of a JVM that is dead, pid %s".formatted(of, words[0]);
        Leftover leftover = new Leftover(path, what, file);
        ours.add(leftover);
        if (use.isDoubtful()) {
          doubtful.put(leftover, use);
        }
      }
    } catch (NoSuchFileException goneMeanwhile) {
      return;
    } catch (IOException unreadable) {
      others.add(path + " cannot be read: " + unreadable.getMessage());
    }
  }

  /**
   * Looks at the processes once, after the list of the files: an owner of a file exists by then.
   */
  private PidsInside processes() {
    processes = processes == null ? PidsInside.look() : processes;
    return processes;
  }

  private static boolean isYoung(FileFacts file) {
    return System.currentTimeMillis() - file.modifiedMillis() < IN_USE_MILLIS;
  }
}
