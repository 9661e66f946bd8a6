package io.allocmem.plan;

/** Refusal of a plan with huge or locked pages that the machine or the process does not have. */
final class PagesRefusal {
  private PagesRefusal() {}

  /** Returns the reason as a sentence with a remedy; null if the plan can start. */
  static String of(HoldPlan plan, Preflight preflight) {
    switch (plan.pages()) {
      case HUGE:
        return preflight.hugePages == null ? null : ofHuge(plan, preflight.hugePages);
      case LOCKED:
        return ofLocked(plan, preflight);
      default:
        return null;
    }
  }

  private static String ofHuge(HoldPlan plan, HugePages huge) {
    String problem = huge.problem();
    if (problem != null) {
      return option(plan)
          + " gets no huge page: "
          + problem
          + "; without the option the plan takes normal pages";
    }
    return ofBlock(plan, huge.size());
  }

  /** Checks that a block is of whole pages: blocks share no page of a special kind. */
  private static String ofBlock(HoldPlan plan, long page) {
    long rest = plan.blockSize().bytes() % page;
    if (rest == 0) {
      return null;
    }
    ByteSize next = ByteSize.ofBytes(plan.blockSize().bytes() - rest + page);
    return option(plan)
        + " needs blocks of whole pages of "
        + ByteSize.ofBytes(page).toHuman()
        + ": give "
        + plan.wording().option("m", next)
        + " or another multiple";
  }

  private static String ofLocked(HoldPlan plan, Preflight preflight) {
    long wanted = wanted(plan, preflight.capacity);
    if (preflight.lockable < 0 || wanted <= preflight.lockable) {
      return ofBlock(plan, plan.pageSize());
    }
    return option(plan)
        + " locks "
        + ByteSize.ofBytes(wanted).toHuman()
        + ", and the kernel lets this process lock "
        + ByteSize.ofBytes(preflight.lockable).toHuman()
        + " more (RLIMIT_MEMLOCK, ulimit -l): raise the limit of the JVM with prlimit --memlock, give"
        + " the JVM CAP_IPC_LOCK, or ask for less";
  }

  /** Returns the bytes that the plan locks; those of one block if the plan has no fixed end. */
  private static long wanted(HoldPlan plan, long capacity) {
    long touched = plan.touchedPerBlock().bytes();
    boolean open = plan.limit().isNone() || plan.limit().isShare() && capacity < 0;
    if (open) {
      return touched;
    }
    long blocks = plan.limit().within(capacity).blocksOf(plan.blockSize());
    return touched == 0 || blocks <= Long.MAX_VALUE / touched ? blocks * touched : Long.MAX_VALUE;
  }

  private static String option(HoldPlan plan) {
    return plan.wording().option("pages", plan.pages());
  }
}
