package io.allocmem.launcher.control;

import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.status.ControlDirectory;
import io.allocmem.status.ControlLayout;
import io.allocmem.status.Trust;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What killed JVMs and killed launchers left in the control directories: of this user, and for root
 * of all users. Looks only, and opens no file that {@link Trust} objects to; never counts a file
 * that a living plan locks. One thread.
 */
public final class Leftovers {
  /** The empty file by which launchers take turns to attach: it stays for the next one. */
  public static final String TURNS = "attach.lock";

  private static final Pattern CONTROL = Pattern.compile("\\d+\\.[A-Za-z0-9_-]{1,40}");
  private static final Pattern AGENT = Pattern.compile("agent-\\d+\\.jar(\\.answer)?");
  private static final Pattern LIBRARY = Pattern.compile("pages-\\d+\\.so");

  /** An attach, and a file that is being made, take seconds at most. */
  private static final long IN_USE_MILLIS = 60_000;

  private final List<Leftover> ours = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  private Leftovers() {}

  /** In the directories that this user answers for. */
  public static Leftovers find() throws IOException {
    Leftovers found = new Leftovers();
    String user = user();
    if (!user.equals("root")) {
      found.lookInto(user, ControlDirectory.of(user));
      return found;
    }
    Path own = ControlDirectory.of(user);
    try (Stream<Path> entries = Files.list(own.getParent())) {
      for (Path entry : entries.sorted().toList()) {
        if (entry.getFileName().toString().startsWith("allocmem_")) {
          found.lookInto(entry);
        }
      }
    }
    return found;
  }

  /** The same in one directory of a user. */
  static Leftovers in(String user, Path directory) {
    Leftovers found = new Leftovers();
    found.lookInto(user, directory);
    return found;
  }

  /** What {@code clean} may remove. */
  public List<Leftover> ours() {
    return ours;
  }

  /** What lies there and is not ours: a sentence each. */
  public List<String> others() {
    return others;
  }

  private static String user() {
    return LinuxProcess.isSupported()
        ? new LinuxProcess(ProcessHandle.current().pid()).user()
        : System.getProperty("user.name");
  }

  private void lookInto(Path entry) {
    try {
      String owner = Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).getName();
      if (ControlDirectory.of(owner).equals(entry)) {
        lookInto(owner, entry);
      } else {
        others.add(entry + " has another user's name than its owner's, " + owner);
      }
    } catch (IOException unreadable) {
      others.add(entry + " cannot be read: " + unreadable);
    }
  }

  private void lookInto(String user, Path directory) {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      ControlDirectory.require(user, directory);
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.sorted().toList()) {
          lookAt(user, file);
        }
      }
    } catch (IOException e) {
      others.add(e.getMessage());
    }
  }

  private void lookAt(String user, Path file) {
    String name = file.getFileName().toString();
    if (name.equals(TURNS)) {
      return;
    }
    try {
      String objection = Trust.objection(file);
      if (objection != null) {
        others.add(file + " " + objection);
      } else if (CONTROL.matcher(name).matches()) {
        lookAtControlFile(user, file, name);
      } else if (!AGENT.matcher(name).matches() && !LIBRARY.matcher(name).matches()) {
        others.add(file + " has a name that allocmem gives to no file");
      } else if (!isYoung(file)) {
        boolean jar = AGENT.matcher(name).matches();
        String what = jar ? "of a launcher that was killed" : "of a JVM that was killed";
        ours.add(new Leftover(user, file, what));
      }
    } catch (NoSuchFileException goneMeanwhile) {
      return;
    } catch (IOException unreadable) {
      others.add(file + " cannot be read: " + unreadable);
    }
  }

  private void lookAtControlFile(String user, Path file, String name) throws IOException {
    if (isControlFile(file)) {
      if (!isLocked(file)) {
        String[] words = name.split("\\.");
        String what = "plan %s of a JVM that is dead, pid %s".formatted(words[1], words[0]);
        ours.add(new Leftover(user, file, what));
      }
    } else if (!isYoung(file)) {
      others.add(file + " does not begin as a control file");
    }
  }

  private static boolean isControlFile(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer beginning = ByteBuffer.allocate(Long.BYTES);
      channel.read(beginning);
      return ControlLayout.isControlFile(beginning.array());
    }
  }

  /** Whether a living plan keeps it: the kernel drops a dead process's lock. */
  static boolean isLocked(Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock(ControlLayout.LOCK, 1, true)) {
      return lock == null;
    }
  }

  private static boolean isYoung(Path file) throws IOException {
    long changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
    return System.currentTimeMillis() - changed < IN_USE_MILLIS;
  }
}
