package io.allocmem.launcher.control;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
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
 * What killed JVMs and killed launchers left in the control directories: of this user, and for root
 * of all users. Looks only, and opens no file that could be somebody else's; never counts a file
 * that a living plan uses. One thread.
 */
public final class Leftovers {
  /** The empty file by which launchers take turns to attach: it stays for the next one. */
  public static final String TURNS = "attach.lock";

  private static final Pattern AGENT = Pattern.compile("agent-\\d+\\.jar(\\.answer)?");
  private static final Pattern LIBRARY = Pattern.compile("pages-\\d+\\.so");

  /** An attach, and a file that is being made, take seconds at most. */
  private static final long IN_USE_MILLIS = 60_000;

  /** All directories together: a command is to end in two seconds. */
  private static final long LOOK_MILLIS = 1000;

  private static final int MOST_FILES = 1000;

  /** A plan writes several times in that. */
  private static final long HEARTBEATS_MILLIS = 500;

  private final List<Leftover> ours = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final Map<Leftover, PlanUse> doubtful = new LinkedHashMap<>();

  private Leftovers() {}

  /** In the directories that this user answers for. */
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

  /** Root answers for all users. */
  private List<FileFacts> directoriesIn(Path temporary) {
    int self = LinuxProcess.isSupported() ? LinuxProcess.self().uid() : 0;
    try {
      return ForeignFiles.here()
          .list(temporary, ControlPlace.PREFIX, ControlPlace.MOST_DIRECTORIES)
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
    found.lookInto(path, directory);
    return found;
  }

  private void add(Leftovers more) {
    ours.addAll(more.ours);
    others.addAll(more.others);
  }

  /** What {@code clean} may remove. */
  public List<Leftover> ours() {
    return ours;
  }

  /** What lies there and is not ours: a sentence each. */
  public List<String> others() {
    return others;
  }

  private void lookInto(Path path, FileFacts directory) {
    if (!directory.isDirectory()) {
      others.add(path + " is no directory: remove it");
      return;
    }
    if (directory.isWritableByOthers()) {
      others.add(path + " can be written by others than its owner: chmod 700 it");
      return;
    }
    try {
      ForeignFiles.here().list(path, "", MOST_FILES).stream()
          .sorted(Comparator.comparing(FileFacts::name))
          .forEach(file -> lookAt(path.resolve(file.name()), file, directory));
      lookAgain();
    } catch (IOException unreadable) {
      others.add(path + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Once for all of them: a plan that lives has written by then. */
  private void lookAgain() {
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

  private void lookAt(Path path, FileFacts file, FileFacts directory) {
    String name = file.name();
    String objection = file.objection(directory.uid());
    if (name.equals(TURNS)) {
      return;
    }
    if (objection != null) {
      others.add(path + " " + objection);
    } else if (PlanUse.isControlFile(name)) {
      lookAtControlFile(path, file);
    } else if (!AGENT.matcher(name).matches() && !LIBRARY.matcher(name).matches()) {
      others.add(path + " has a name that allocmem gives to no file");
    } else if (!isYoung(file)) {
      boolean jar = AGENT.matcher(name).matches();
      String what = jar ? "of a launcher that was killed" : "of a JVM that was killed";
      ours.add(new Leftover(path, what, file));
    }
  }

  private void lookAtControlFile(Path path, FileFacts file) {
    try {
      PlanUse use = PlanUse.of(path, file);
      if (!use.begins()) {
        if (!isYoung(file)) {
          others.add(path + " does not begin as a control file");
        }
      } else if (!use.isUsed()) {
        String[] words = file.name().split("\\.");
        String what = "plan %s of a JVM that is dead, pid %s".formatted(words[1], words[0]);
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

  private static boolean isYoung(FileFacts file) {
    return System.currentTimeMillis() - file.modifiedMillis() < IN_USE_MILLIS;
  }
}
