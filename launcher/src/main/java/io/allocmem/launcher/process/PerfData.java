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
 * Performance data file of a JVM, as jstat reads the file (HotSpot's {@code perfMemory.hpp},
 * version 2.0). The file has a prologue, then entries of a name and a number or a text. Reads the
 * file only; the JVM does not notice.
 */
public final class PerfData {
  private static final int MAGIC = 0xcafec0c0;

  /** Offset of the byte that marks all entries as present. */
  private static final int ACCESSIBLE = 7;

  /** Tolerance for a clock change between the creation of the file and now. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  /** HotSpot allocates 32 KiB, unless -XX:PerfDataMemorySize sets more. */
  private static final int LONGEST = 4 << 20;

  private static final int MOST_USERS = 1000;
  private static final byte[] NONE = {};

  private final Map<String, Object> entries;

  private PerfData(Map<String, Object> entries) {
    this.entries = entries;
  }

  /**
   * Returns the data; empty if the JVM has not written data yet or never does (-XX:-UsePerfData,
   * -XX:+PerfDisableSharedMem).
   */
  public static Optional<PerfData> of(long pid) {
    return parse(bytes(pid));
  }

  /** Returns true if the JVM is starting: the file exists but is not marked as readable. */
  public static boolean isBeingMade(long pid) {
    byte[] bytes = bytes(pid);
    return bytes.length > ACCESSIBLE && bytes[ACCESSIBLE] == 0;
  }

  /** Returns the bytes of the file; empty if the file does not exist. */
  private static byte[] bytes(long pid) {
    LinuxProcess process = new LinuxProcess(pid);
    boolean linux = LinuxProcess.isSupported();
    // in the target's own /tmp, under the pid of the target's own pid namespace
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

  /** Rejects files left by an earlier process with the same pid, or by another user. */
  private static boolean isOf(LinuxProcess process, FileFacts file) {
    boolean own = !LinuxProcess.isSupported() || file.uid() == process.uid();
    Instant written = Instant.ofEpochMilli(file.modifiedMillis());
    Optional<Instant> start = ProcessHandle.of(process.pid()).flatMap(p -> p.info().startInstant());
    return own && (start.isEmpty() || written.plus(CLOCK_STEP).isAfter(start.get()));
  }

  /** Returns the data; empty for another format or an incomplete file. */
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
        boolean number = file.getInt(at + 8) == 0; // not a vector
        String name = text(file, at + file.getInt(at + 4));
        entries.put(name, number ? (Object) file.getLong(data) : text(file, data));
        int length = file.getInt(at);
        at += length > 0 ? length : bytes.length; // damaged data must not cause an endless loop
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

  /** Returns true if the JVM has written its start options, among the last entries. */
  boolean hasOptions() {
    return entries.containsKey("java.rt.vmArgs");
  }

  /** Returns the text of that name; empty if missing. */
  public String text(String name) {
    return entries.get(name) instanceof String text ? Printable.of(text) : "";
  }

  /** Returns the number of that name; 0 if missing. */
  public long number(String name) {
    return entries.get(name) instanceof Long number ? number : 0;
  }
}
