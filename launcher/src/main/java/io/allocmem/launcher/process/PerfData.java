package io.allocmem.launcher.process;

import io.allocmem.control.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a JVM writes of itself to its performance data file, as jstat reads it (HotSpot's {@code
 * perfMemory.hpp}, version 2.0): a prologue, then entries of a name and a number or a text. Reads
 * the file only; the JVM does not notice.
 */
public final class PerfData {
  private static final int MAGIC = 0xcafec0c0;

  /** The byte that says that all entries are there. */
  private static final int ACCESSIBLE = 7;

  /** The clock may have been set between the file's making and now. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  /** HotSpot makes 32 KiB, unless -XX:PerfDataMemorySize says more. */
  private static final int LONGEST = 4 << 20;

  private static final int MOST_USERS = 1000;
  private static final byte[] NONE = {};

  private final Map<String, Object> entries;

  private PerfData(Map<String, Object> entries) {
    this.entries = entries;
  }

  /** Empty when the JVM writes none (-XX:-UsePerfData, -XX:+PerfDisableSharedMem), or not yet. */
  public static Optional<PerfData> of(long pid) {
    return parse(bytes(pid));
  }

  /** Whether the JVM has begun to write it, and does not call it readable: it is starting. */
  public static boolean isBeingMade(long pid) {
    byte[] bytes = bytes(pid);
    return bytes.length > ACCESSIBLE && bytes[ACCESSIBLE] == 0;
  }

  /** None when there is no such file. */
  private static byte[] bytes(long pid) {
    LinuxProcess process = new LinuxProcess(pid);
    boolean linux = LinuxProcess.isSupported();
    // in the target's own /tmp, under the pid by which the target knows itself
    Path temporary = linux ? process.temporary() : Path.of(System.getProperty("java.io.tmpdir"));
    String name = Long.toString(linux ? process.pidInside() : pid);
    ForeignFiles files = ForeignFiles.of(pid);
    try {
      for (FileFacts user : files.list(temporary, "hsperfdata_", MOST_USERS)) {
        Path file = temporary.resolve(user.name()).resolve(name);
        if (!linux || user.isDirectory() && user.uid() == process.uid()) {
          byte[] found = bytes(files, file, process);
          if (found.length > 0) {
            return found;
          }
        }
      }
      return NONE;
    } catch (IOException unreadable) {
      return NONE;
    }
  }

  private static byte[] bytes(ForeignFiles files, Path file, LinuxProcess process) {
    try {
      return isOf(process, files.facts(file)) ? files.read(file, LONGEST) : NONE;
    } catch (IOException notHere) {
      return NONE;
    }
  }

  /** Not what an earlier process of the same pid, or somebody else, left there. */
  private static boolean isOf(LinuxProcess process, FileFacts file) {
    boolean own = !LinuxProcess.isSupported() || file.uid() == process.uid();
    Instant written = Instant.ofEpochMilli(file.modifiedMillis());
    Optional<Instant> start = ProcessHandle.of(process.pid()).flatMap(p -> p.info().startInstant());
    return own && (start.isEmpty() || written.plus(CLOCK_STEP).isAfter(start.get()));
  }

  /** Empty when the bytes are not such a file, or the JVM has not filled it yet. */
  static Optional<PerfData> parse(byte[] bytes) {
    try {
      ByteBuffer file = ByteBuffer.wrap(bytes);
      boolean complete = file.getInt(0) == MAGIC && file.get(5) == 2 && file.get(ACCESSIBLE) == 1;
      if (!complete) {
        return Optional.empty();
      }
      file.order(file.get(4) == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      Map<String, Object> entries = new HashMap<>();
      int at = file.getInt(24);
      for (int left = file.getInt(28); left > 0; left--) {
        int data = at + file.getInt(at + 16);
        boolean number = file.getInt(at + 8) == 0; // no vector
        String name = text(file, at + file.getInt(at + 4));
        entries.put(name, number ? (Object) file.getLong(data) : text(file, data));
        int length = file.getInt(at);
        at += length > 0 ? length : bytes.length; // what is damaged must not hold us here
      }
      return Optional.of(new PerfData(entries));
    } catch (IndexOutOfBoundsException damaged) {
      return Optional.empty();
    }
  }

  private static String text(ByteBuffer file, int from) {
    int end = from;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), from, end - from, StandardCharsets.UTF_8);
  }

  /** Whether the JVM has written what it was started with: as one of the last things. */
  boolean hasOptions() {
    return entries.containsKey("java.rt.vmArgs");
  }

  /** Empty when there is no such text. */
  public String text(String name) {
    return entries.get(name) instanceof String text ? Printable.of(text) : "";
  }

  /** Zero when there is no such number. */
  public long number(String name) {
    return entries.get(name) instanceof Long number ? number : 0;
  }
}
