package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.AttachThread;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the reason for a missing answer of a JVM. Compares kernel data from before and after an
 * attempt (proc(5), cgroups(7)). If the kernel shows a cause, the cause is certain.
 */
final class MissingAnswer {
  /**
   * Length of one tick of processor time in {@code /proc}, independent of the kernel's own tick.
   */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /**
   * Names of the VM thread (safepoints) and of the collector threads, of 15 characters at most.
   * From 26 on, the JDK leaves out the middle of a longer name ("Shenand..eads#0"), before 26 the
   * end.
   */
  private static final Pattern COLLECTORS =
      Pattern.compile("VM Thread|.*GC.*|G1 .*|Gang worker.*|.Worker.*|Shenand.*");

  private static final Pattern THROTTLED = Pattern.compile("(?m)^throttled_(time|usec) (\\d+)$");
  private static final Pattern FILES = Pattern.compile("(?m)^Max open files +(\\d+) ");
  private static final int MOST = 10_000;

  private final LinuxProcess process;
  private final PlanWay way;

  /** Start of the attempt, in nanoseconds of the clock. */
  private long since;

  /** Time for which the JVM's control groups were throttled since their creation. */
  private long throttled;

  /** Processor time of the collector threads. */
  private long collecting;

  MissingAnswer(LinuxProcess process, PlanWay way) {
    this.process = process;
    this.way = way;
  }

  /** Reads the kernel data of the JVM, near the start of an attempt. */
  void begin() {
    since = System.nanoTime();
    throttled = throttledOf(process);
    collecting = collectingOf(process);
  }

  PlanWay way() {
    return way;
  }

  /** Returns cause and remedy; null if the kernel data show no cause. */
  String cause() {
    long waited = System.nanoTime() - since;
    if (process.isStopped()) {
      return "it was stopped meanwhile (by a signal or a debugger); continue it: kill -CONT "
          + process.pid();
    }
    if (isOutOfDescriptors()) {
      return outOfDescriptors();
    }
    if (throttledOf(process) - throttled > waited / 3) {
      return "its CPU quota was used up for most of that time; raise the quota, or try again";
    }
    if (collectingOf(process) - collecting > waited / 2) {
      return "it is in a long collection; try again";
    }
    boolean deaf = way == PlanWay.ATTACH && !isListening();
    if (deaf && text("status").contains("\nSeccomp:\t2")) {
      return "it does not begin to listen, and runs under a seccomp filter: let that filter allow sockets (socket, bind, listen, accept), or start the JVM with -javaagent:allocmem-agent.jar=…";
    }
    return null;
  }

  /** Returns true if the JVM cannot open another file. */
  boolean isOutOfDescriptors() {
    Matcher most = FILES.matcher(text("limits"));
    if (!most.find()) {
      return false;
    }
    int limit = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(most.group(1)));
    try {
      return limit <= 1 << 20
          && ForeignFiles.of(process.pid()).list(process.descriptors(), "", limit).size()
              >= limit - 1;
    } catch (IOException closed) {
      return false;
    }
  }

  /** Returns the sentence for a lack of descriptors. */
  String outOfDescriptors() {
    return "it has no file descriptors left (ulimit -n, LimitNOFILE=); let it close some, or raise its limit: prlimit --nofile=… --pid "
        + process.pid();
  }

  private boolean isListening() {
    return new AttachThread(process).isThere() && AttachSocket.exists(process);
  }

  private static long collectingOf(LinuxProcess process) {
    Path tasks = Path.of("/proc/" + process.pid() + "/task");
    long nanos = 0;
    try {
      for (String thread : ForeignFiles.of(process.pid()).names(tasks, MOST)) {
        String stat = text(process, "task/" + thread + "/stat");
        int end = stat.lastIndexOf(')');
        if (end > 0 && COLLECTORS.matcher(stat.substring(stat.indexOf('(') + 1, end)).matches()) {
          String[] fields = stat.substring(end + 2).split(" "); // utime and stime: fields 14, 15
          nanos += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
        }
      }
    } catch (IOException ended) {
      return nanos;
    }
    return nanos;
  }

  /** Returns the maximum throttled time of the process's control group and of all parent groups. */
  private static long throttledOf(LinuxProcess process) {
    long most = 0;
    for (String line : text(process, "cgroup").split("\n")) {
      String[] words = line.split(":", 3);
      boolean unified = words.length == 3 && words[1].isEmpty();
      if (unified || words.length == 3 && ("," + words[1] + ",").contains(",cpu,")) {
        Path root = Path.of("/sys/fs/cgroup", unified ? "" : words[1]);
        Path group = root.resolve(words[2].substring(1)).normalize();
        for (; group.startsWith(root); group = group.getParent()) {
          most = Math.max(most, throttledIn(group.resolve("cpu.stat")));
        }
      }
    }
    return most;
  }

  private static long throttledIn(Path file) {
    try {
      byte[] bytes = ForeignFiles.here().read(file, ForeignFiles.TEXT);
      Matcher found = THROTTLED.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
      if (!found.find()) {
        return 0;
      }
      long number = Long.parseLong(found.group(2));
      return found.group(1).equals("usec") ? TimeUnit.MICROSECONDS.toNanos(number) : number;
    } catch (IOException noSuchGroup) {
      return 0;
    }
  }

  private String text(String file) {
    return text(process, file);
  }

  private static String text(LinuxProcess process, String file) {
    try {
      Path path = Path.of("/proc/" + process.pid()).resolve(file);
      byte[] bytes = ForeignFiles.of(process.pid()).read(path, ForeignFiles.TEXT);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
