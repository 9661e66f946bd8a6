package io.allocmem.plan;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Conditions for a plan in a JVM, and the check of the plan against these conditions. The agent
 * checks inside the JVM with exact values. A launcher predicts from outside. Values are bytes;
 * negative if not known. One thread.
 */
public final class Preflight {
  /**
   * Flags with which an OutOfMemoryError ends a JVM or writes a dump, even if the error is caught
   * (vm/utilities/debug.cpp, report_java_out_of_memory).
   */
  public static final List<String> FATAL_FLAGS =
      Collections.unmodifiableList(
          Arrays.asList(
              "ExitOnOutOfMemoryError",
              "CrashOnOutOfMemoryError",
              "HeapDumpOnOutOfMemoryError",
              "OnOutOfMemoryError",
              "AbortVMOnException"));

  /** Share of the capacity above which a plan can meet an OutOfMemoryError. */
  private static final double NEAR = 0.9;

  /** Maximum that the plan's area can give. */
  public long capacity = -1;

  /** Used part of {@link #capacity}. */
  public long used = -1;

  /** Used part of {@link #capacity} with garbage that no collection has freed yet. */
  public long usedWithGarbage = -1;

  /** Limit of the container, or memory of the machine. */
  public long containerCapacity = -1;

  /** True if a container sets {@link #containerCapacity}; false for the memory of the machine. */
  public boolean containerLimited = true;

  /** Used part of {@link #containerCapacity}. */
  public long containerUsed = -1;

  /**
   * Reason why the container's limits cannot be read, as a part of a sentence; null if the limits
   * can be read.
   */
  public String containerProblem;

  /** Processors that the JVM may use. */
  public int processors = -1;

  /** Huge pages of the machine; null if not known. */
  public HugePages hugePages;

  /** Bytes that the process may lock further, as by {@link LockLimit}. */
  public long lockable = LockLimit.UNKNOWN;

  /** Flag or agent with which even a caught OutOfMemoryError harms this JVM; null for none. */
  public String fatalFlag;

  /** Sources of options that cannot be read and may hold a fatal flag; null for none. */
  public String unread;

  /**
   * Returns a flag of {@link #FATAL_FLAGS} as an option if the flag acts on an OutOfMemoryError;
   * null if not.
   *
   * @param value true or false, a command, or a part of an exception's name; empty if not given
   */
  public static String fatalOption(String flag, String value) {
    switch (flag) {
      case "OnOutOfMemoryError":
        return value.isEmpty() ? null : "-XX:" + flag;
      case "AbortVMOnException":
        boolean names = "java.lang.OutOfMemoryError".contains(value.replace('/', '.'));
        return value.isEmpty() || !names ? null : "-XX:" + flag;
      default:
        return value.equals("true") ? "-XX:+" + flag : null;
    }
  }

  /** Returns the refusal of a plan whose name is in use in the JVM. */
  public static String heldAlready(HoldPlan plan) {
    return "plan "
        + plan.name()
        + " is held here already: release that plan, or name the new plan ("
        + plan.wording().option("n", "NAME")
        + ")";
  }

  /** Creates a preflight without any value. */
  public Preflight() {}

  /** Returns the reason why the plan cannot start, as a sentence; null if the plan can start. */
  public String refusal(HoldPlan plan) {
    if (containerProblem != null && needsContainer(plan)) {
      return "the memory limit of the container cannot be read, and this plan must stay below that limit: "
          + containerProblem
          + "; mount the cgroup file system there (read-only is enough), or give "
          + plan.wording().option("x", "SIZE")
          + " without "
          + plan.wording().option("keep-free")
          + " and "
          + plan.wording().option("until");
    }
    if (processors > 0 && plan.threads().of(processors) > processors) {
      return refusalOfThreads(plan);
    }
    String pages = PagesRefusal.of(plan, this);
    String size = pages == null ? refusalOfSizes(plan) : pages;
    return size == null && mayBeFatal() ? refusalOfRisk(plan) : size;
  }

  private String refusalOfThreads(HoldPlan plan) {
    return plan.wording().option("t", plan.threads())
        + " is more than the processors of the JVM, "
        + processors
        + ": give at most "
        + processors
        + ", or "
        + plan.wording().option("t", "cores");
  }

  /** Returns true if even a caught OutOfMemoryError may harm this JVM, as far as known. */
  public boolean mayBeFatal() {
    return fatalFlag != null || unread != null;
  }

  private boolean needsContainer(HoldPlan plan) {
    boolean direct = plan.area() == AreaKind.DIRECT && !plan.followsPressure();
    boolean own = plan.area().isOnHeap() || direct || isMeteredMetaspace(plan);
    boolean share = plan.until() != null || plan.limit().isShare();
    return !plan.keepFree().isNone() || !plan.reserve().isNone() || share && !own;
  }

  private boolean isMeteredMetaspace(HoldPlan plan) {
    return plan.area() == AreaKind.METASPACE && capacity != containerCapacity;
  }

  private String refusalOfSizes(HoldPlan plan) {
    String of = plan.area().capacityToHuman(surroundings());
    boolean shares = plan.limit().isShare() || plan.until() != null || plan.keepFree().isShare();
    if (capacity < 0) {
      return shares ? "a percentage of " + of + " needs its size, which is not known here" : null;
    }
    ByteSize all = ByteSize.ofBytes(capacity);
    if (plan.blockSize().bytes() > capacity) {
      return "a block of " + plan.blockSize().toHuman() + " is larger than " + of + sizeOf(all);
    }
    if (plan.over() != null && plan.limit().within(capacity).blocksOf(plan.blockSize()) < 2) {
      return plan.wording().option("over")
          + " needs two blocks or more: one block of "
          + plan.blockSize().toHuman()
          + " reaches the limit at once";
    }
    boolean byUsage = plan.until() != null && plan.effectTarget() == null;
    String target = byUsage ? refusalOfUntil(plan, of, all) : null;
    return target == null ? refusalOfKeepFree(plan, of, all) : target;
  }

  private String refusalOfUntil(HoldPlan plan, String of, ByteSize all) {
    long wanted = plan.until().of(capacity).bytes();
    String until = plan.wording().option("until", plan.until());
    if (wanted < used) {
      String now = ByteSize.ofBytes(used).toHuman() + " of " + all.toHuman();
      return until + " is below the current usage of " + of + ": " + now;
    }
    if (wanted > capacity) {
      return until + " is more than " + of + sizeOf(all);
    }
    return wanted <= capacity - plan.keepFree().of(capacity).bytes()
        ? null
        : until
            + " and "
            + keepFree(plan)
            + " contradict each other: together they are more than "
            + of
            + sizeOf(all);
  }

  private String refusalOfKeepFree(HoldPlan plan, String of, ByteSize all) {
    String tooMuch = refusalOf(plan, of, all);
    if (tooMuch != null) {
      return tooMuch;
    }
    return containerCapacity < 0
        ? null
        : refusalOf(plan, surroundings(), ByteSize.ofBytes(containerCapacity));
  }

  private static String refusalOf(HoldPlan plan, String of, ByteSize all) {
    long more = plan.keepFree().of(all.bytes()).bytes() - all.bytes();
    String than = more > 0 ? " is more than " : " is all of ";
    return more < 0 ? null : keepFree(plan) + than + of + sizeOf(all);
  }

  private static String keepFree(HoldPlan plan) {
    return plan.wording().option("keep-free", plan.keepFree());
  }

  private String surroundings() {
    return containerLimited ? "the container" : "the machine";
  }

  private static String sizeOf(ByteSize size) {
    return ", " + size.toHuman();
  }

  /**
   * Checks the areas where the JVM itself throws the error and acts on the error. In the remaining
   * areas, Java code throws the error.
   */
  private String refusalOfRisk(HoldPlan plan) {
    boolean metered = isMeteredMetaspace(plan) && capacity < containerCapacity;
    boolean risky = plan.area() == AreaKind.STACK || plan.area().isOnHeap() || metered;
    if (!risky || plan.allowsOutOfMemory() || plan.isGuarded() && plan.area() != AreaKind.STACK) {
      return null;
    }
    if (plan.area() != AreaKind.STACK && endsBeforeError(plan)) {
      return null;
    }
    return "this plan can end in an OutOfMemoryError, and this JVM has "
        + (fatalFlag == null ? "options that cannot be read, " + unread : fatalFlag)
        + (fatalFlag == null ? ", which may include one that acts" : ", which acts")
        + " even on a caught error: "
        + (plan.area() == AreaKind.STACK ? "" : smaller(plan))
        + "accept the risk with "
        + plan.wording().option("oom", "allow");
  }

  private static String smaller(HoldPlan plan) {
    return "set a smaller limit, or give " + plan.wording().option("keep-free", "10%") + ", or ";
  }

  private boolean endsBeforeError(HoldPlan plan) {
    Limit limit = plan.limit().within(capacity);
    long blocks = limit.isNone() ? 0 : limit.blocksOf(plan.blockSize());
    double all = Math.max(0, used) + (double) blocks * plan.blockSize().bytes();
    return !limit.isNone() && all <= capacity * NEAR;
  }
}
