package io.allocmem.launcher.process;

import io.allocmem.plan.Amount;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.SharedLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Memory of this launcher where the target's memory limit applies: in the target's container, or in
 * an ephemeral container of the same pod.
 */
public final class OwnMemory {
  /** Time limit for all files together: a command must end within two seconds. */
  private static final long LOOK_MILLIS = 1000;

  /** Processes of this size that fit the reserve: a command that stays, and one beside. */
  private static final int LAUNCHERS = 2;

  private OwnMemory() {}

  /** Returns a sentence if this process counts, or may count, against a limit of that JVM. */
  public static Optional<String> sentence(long pid) {
    String verb =
        switch (shares(pid)) {
          case YES -> "counts";
          case MAYBE -> "may count";
          case NO -> null;
        };
    return verb == null
        ? Optional.empty()
        : LinuxProcess.self()
            .rss()
            .map(
                rss ->
                    "allocmem itself %s against a memory limit of JVM %d: %s here, until it ends"
                        .formatted(verb, pid, Sizes.of(rss)));
  }

  /**
   * Returns the plan with a reserve for this process, if the plan stops before the container is
   * full and an invisible limit above the container may include this process: the limit of a pod.
   * The agent sees the container only. The kernel would end the largest process of the pod, and the
   * largest process is the JVM.
   */
  public static HoldPlan reserving(long pid, HoldPlan plan) {
    if (!stopsInContainer(plan) || !plan.reserve().isNone() || shares(pid) != SharedLimit.MAYBE) {
      return plan;
    }
    long bytes = LAUNCHERS * LinuxProcess.self().rss().orElse(0L);
    return bytes == 0
        ? plan
        : plan.reserving(Amount.parse(ByteSize.ofBytes(-(-bytes >> 20) << 20).toString()));
  }

  /**
   * Returns false also for a target utilisation of the heap: the container is not measured then.
   */
  private static boolean stopsInContainer(HoldPlan plan) {
    boolean ownLimit = plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT;
    return !plan.keepFree().isNone() || plan.until() != null && !ownLimit;
  }

  private static SharedLimit shares(long pid) {
    if (!LinuxProcess.isSupported()) {
      return SharedLimit.NO;
    }
    Path own = Path.of("/proc", Long.toString(LinuxProcess.self().pid()));
    Path target = Path.of("/proc", Long.toString(pid));
    try {
      return TimeLimit.within(LOOK_MILLIS, target, () -> SharedLimit.of(target, own));
    } catch (IOException late) {
      return SharedLimit.NO;
    }
  }
}
