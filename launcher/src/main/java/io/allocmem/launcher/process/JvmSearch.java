package io.allocmem.launcher.process;

import io.allocmem.control.StartTime;
import io.allocmem.plan.KernelText;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Search for JVMs, again and again. The first look is at all processes. Each later look is at new
 * processes only, and each second at processes that run another program by now: a shell that
 * becomes a JVM keeps its pid. If a process answered too late, another look follows. A look sends
 * no byte and no signal to a process.
 */
public final class JvmSearch {
  /** A JVM. Pid and start time together identify the process. */
  public record Found(long pid, long started) {
    /** Returns the identity of the process that has the pid now. */
    public static Found of(long pid) {
      return new Found(pid, StartTime.of(Long.toString(pid)));
    }
  }

  /** Result of a look; a late look has none, and may have missed a JVM. */
  private record Look(Optional<Found> found, boolean late) {}

  /** A process that was looked at before. */
  private static final class Seen {
    private final String program;
    private final long since;
    private long lookedAt;
    private Found found;

    /** Time to the next look after a late look, doubled each time; 0 after an answer. */
    private long lateNanos;

    Seen(String program, long now) {
      this.program = program;
      this.since = now;
      this.lookedAt = now;
    }

    /** A program maps the JVM library soon after its start, mostly within the first look. */
    boolean isDue(long now, long youngNanos) {
      long age = now - since;
      boolean due = age < NEW_NANOS || now - lookedAt >= SECOND;
      boolean young = lateNanos == 0 && age < youngNanos && due;
      return found == null && (young || lateNanos > 0 && now - lookedAt >= lateNanos);
    }

    void note(Look look) {
      found = look.found.orElse(null);
      lateNanos = look.late ? Math.max(SECOND, 2 * lateNanos) : 0;
    }
  }

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Age up to which each look is at a process. */
  private static final long NEW_NANOS = 2 * SECOND;

  /** Age up to which a look is at a process each second. */
  private static final long YOUNG_NANOS = 10 * SECOND;

  /** Time limit for all processes of a look together. */
  private static final long LOOK_MILLIS = 1_200;

  private static final int LONGEST_NAME = 64;

  private final Predicate<JavaProcess> wanted;
  private final long youngNanos;
  private final Map<Long, Seen> seen = new HashMap<>();
  private final long self = ProcessHandle.current().pid();
  private long programsAt = System.nanoTime();

  /** Searches for JVMs that pass the test. */
  public JvmSearch(Predicate<JavaProcess> wanted) {
    this(wanted, YOUNG_NANOS);
  }

  JvmSearch(Predicate<JavaProcess> wanted, long youngNanos) {
    this.wanted = wanted;
    this.youngNanos = youngNanos;
  }

  /** Looks at the processes and returns the JVMs that pass the test, ordered by pid. */
  public List<Found> next() {
    if (!LinuxProcess.isSupported()) {
      return JavaProcess.all().stream().filter(wanted).map(jvm -> Found.of(jvm.pid())).toList();
    }
    List<Long> all = pids();
    seen.keySet().retainAll(new HashSet<>(all));
    List<Long> due = due(all);
    List<Look> looks =
        due.isEmpty()
            ? List.of()
            : TimeLimit.each(LOOK_MILLIS, due, this::look, pid -> new Look(Optional.empty(), true));
    for (int i = 0; i < due.size(); i++) {
      seen.get(due.get(i)).note(looks.get(i));
    }
    return all.stream()
        .map(seen::get)
        .filter(one -> one != null && one.found != null)
        .map(one -> one.found)
        .filter(jvm -> !new LinuxProcess(jvm.pid()).hasEnded())
        .toList();
  }

  /** Returns all pids in ascending order; four times a second, so without streams and patterns. */
  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    String[] names = new File("/proc").list();
    for (String name : names == null ? new String[0] : names) {
      if (Character.isDigit(name.charAt(0))) {
        pids.add(Long.valueOf(name));
      }
    }
    pids.sort(null);
    return pids;
  }

  /** Returns the processes to look at, and notes the new processes. */
  private List<Long> due(List<Long> all) {
    long now = System.nanoTime();
    boolean programs = now - programsAt >= SECOND;
    programsAt = programs ? now : programsAt;
    List<Long> due = new ArrayList<>();
    for (long pid : all) {
      Seen before = seen.get(pid);
      if (before == null || isOther(pid, before, programs)) {
        seen.put(pid, new Seen(program(pid), now));
        due.add(pid);
      } else if (before.isDue(now, youngNanos)) {
        before.lookedAt = now;
        due.add(pid);
      }
    }
    due.remove(self);
    return due;
  }

  /** Returns true for another process with the pid, and for a process that runs another program. */
  private static boolean isOther(long pid, Seen before, boolean programs) {
    return before.found == null
        ? programs && !program(pid).equals(before.program)
        : !before.found.equals(Found.of(pid));
  }

  private Look look(long pid) {
    try {
      Found found = Found.of(pid);
      return new Look(JavaProcess.find(pid).filter(wanted).map(jvm -> found), false);
    } catch (RuntimeException unreadable) { // not late: another look would fail again
      return new Look(Optional.empty(), false);
    }
  }

  /** Returns the kernel's name of the program; empty for an ended process. */
  private static String program(long pid) {
    try {
      return KernelText.of("/proc/" + pid + "/comm", LONGEST_NAME);
    } catch (IOException ended) {
      return "";
    }
  }
}
