package io.allocmem.launcher.process;

import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.HugePages;
import io.allocmem.plan.LockLimit;

/**
 * Huge pages of this machine for a process, and the memory that the process may lock further.
 *
 * @param lockable bytes as by {@link LockLimit}
 */
public record PageFacts(HugePages huge, long lockable) {
  /** Page size of x86-64, and of most kernels for aarch64. The agent knows the exact size. */
  private static final long NORMAL = 4096;

  /** Maximum bytes of a text of the kernel about a process. */
  private static final int MOST = 1 << 16;

  /** Reads the facts of a process; unknown facts if the process has ended or is hidden. */
  public static PageFacts of(long pid) {
    LinuxProcess process = new LinuxProcess(pid);
    String status = process.read("status", MOST);
    return new PageFacts(
        HugePages.of(status),
        LockLimit.of(process.read("limits", MOST), status, process.read("uid_map", MOST)));
  }

  /** Returns the plan with the size of its pages, as the agent will round touched bytes. */
  public HoldPlan on(HoldPlan plan) {
    return switch (plan.pages()) {
      case HUGE -> huge.size() > 0 ? plan.on(huge.size()) : plan;
      case LOCKED -> plan.on(NORMAL);
      case NORMAL -> plan;
    };
  }
}
