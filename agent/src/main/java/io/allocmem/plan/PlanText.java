package io.allocmem.plan;

/** Amount of a plan in text for people. */
final class PlanText {
  private PlanText() {}

  /** Returns {@code 21 blocks of 100 MiB = 2100 MiB, 525 MiB touched}, or the end of the plan. */
  static String of(HoldPlan plan) {
    String blocks = "blocks of " + plan.blockSize().toHuman();
    if (plan.until() != null || plan.limit().isNone() || plan.limit().isShare()) {
      return blocks
          + " "
          + end(plan)
          + ", "
          + plan.fill().toHuman()
          + " of each touched"
          + pages(plan);
    }
    long count = plan.limit().blocksOf(plan.blockSize());
    return count
        + (count == 1 ? " block of " : " blocks of ")
        + plan.blockSize().toHuman()
        + " = "
        + ByteSize.ofBytes(count * plan.blockSize().bytes()).toHuman()
        + ", "
        + ByteSize.ofBytes(count * plan.touchedPerBlock().bytes()).toHuman()
        + " touched"
        + pages(plan);
  }

  private static String pages(HoldPlan plan) {
    return plan.pages() == PageKind.NORMAL ? "" : " in " + plan.pages() + " pages";
  }

  private static String end(HoldPlan plan) {
    String capacity = plan.area().capacityToHuman();
    if (plan.effectTarget() != null) {
      return "until " + plan.effectTarget().toHuman();
    }
    if (plan.until() != null) {
      return "until " + plan.until().toHuman() + " of " + capacity + " is used";
    }
    return plan.limit().isNone()
        ? "until memory runs out"
        : "up to " + plan.limit().toHuman() + " of " + capacity;
  }
}
