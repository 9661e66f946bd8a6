package io.allocmem.plan;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What a plan would meet in a JVM, and whether it can go together: asked by the agent inside, with
 * exact figures, and by a launcher that looks from outside. Bytes; {@link #UNKNOWN} where not
 * known. One thread.
 */
public final class Preflight {
  /** Not known here. */
  public static final long UNKNOWN = -1;

  /**
   * By which an OutOfMemoryError ends a JVM or makes it write a dump, even if somebody catches it
   * (vm/utilities/debug.cpp, report_java_out_of_memory).
   */
  public static final List<String> FATAL_FLAGS =
      Collections.unmodifiableList(
          Arrays.asList(
              "ExitOnOutOfMemoryError", "CrashOnOutOfMemoryError", "HeapDumpOnOutOfMemoryError"));

  /** Flags that have the same effect with a value: a command, a part of an exception's name. */
  public static final List<String> FATAL_VALUES =
      Collections.unmodifiableList(Arrays.asList("OnOutOfMemoryError", "AbortVMOnException"));

  /** Beyond such a part of the capacity a plan can meet an OutOfMemoryError. */
  private static final double NEAR = 0.9;

  /** The most that the plan's area can give. */
  public long capacity = UNKNOWN;

  /** What is used of that. */
  public long used = UNKNOWN;

  /** The container's limit, or the machine's memory. */
  public long containerCapacity = UNKNOWN;

  /** What is used of that. */
  public long containerUsed = UNKNOWN;

  /** Why the container's limits cannot be read, as a part of a sentence; null when they can. */
  public String containerProblem;

  /**
   * The flag or the agent by which an OutOfMemoryError harms this JVM even when it is caught; null
   * for none.
   */
  public String fatalFlag;

  /** Sources of options that cannot be read, so that one may be fatal; null for none. */
  public String unread;

  /** Whether one of {@link #FATAL_VALUES} acts on an OutOfMemoryError with that value. */
  public static boolean isFatal(String flag, String value) {
    boolean names = "java.lang.OutOfMemoryError".contains(value.replace('/', '.'));
    return !value.isEmpty() && (names || !flag.equals("AbortVMOnException"));
  }

  /** Without any figure. */
  public Preflight() {}

  /** Why the plan cannot be started there, as a sentence; null when it can. */
  public String refusal(HoldPlan plan) {
    if (containerProblem != null && needsContainer(plan)) {
      return "the memory limit of the container cannot be read, and this plan must not take more: "
          + containerProblem
          + "; mount the cgroup file system there (read-only is enough), or give x=SIZE without"
          + " keep-free and until";
    }
    String size = refusalOfSizes(plan);
    return size == null && mayBeFatal() ? refusalOfRisk(plan) : size;
  }

  /** Whether an OutOfMemoryError harms this JVM even when it is caught, as far as is known. */
  public boolean mayBeFatal() {
    return fatalFlag != null || unread != null;
  }

  private boolean needsContainer(HoldPlan plan) {
    boolean own =
        plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT || isMeteredMetaspace(plan);
    boolean share = plan.until() != null || plan.limit().isShare();
    return !plan.keepFree().isNone() || share && !own;
  }

  private boolean isMeteredMetaspace(HoldPlan plan) {
    return plan.area() == AreaKind.METASPACE && capacity != containerCapacity;
  }

  private String refusalOfSizes(HoldPlan plan) {
    String of = plan.area().capacityToHuman();
    boolean shares = plan.limit().isShare() || plan.until() != null || plan.keepFree().isShare();
    if (capacity == UNKNOWN) {
      return shares ? "a percentage of " + of + " needs its size, which is not known here" : null;
    }
    ByteSize all = ByteSize.ofBytes(capacity);
    if (plan.blockSize().bytes() > capacity) {
      return "a block of " + plan.blockSize().toHuman() + " is larger than " + of + sizeOf(all);
    }
    if (plan.until() != null && plan.until().of(capacity).bytes() < used) {
      return "until="
          + plan.until()
          + " is below what is used of "
          + of
          + " already: "
          + ByteSize.ofBytes(used).toHuman()
          + " of "
          + all.toHuman();
    }
    if (plan.until() != null && plan.until().of(capacity).bytes() > capacity) {
      return "until=" + plan.until() + " is more than " + of + sizeOf(all);
    }
    if (plan.until() != null
        && plan.until().of(capacity).bytes() > capacity - plan.keepFree().of(capacity).bytes()) {
      return "until="
          + plan.until()
          + " and keep-free="
          + plan.keepFree()
          + " contradict each other: together they are more than "
          + of
          + sizeOf(all);
    }
    return refusalOfKeepFree(plan, of, all);
  }

  private String refusalOfKeepFree(HoldPlan plan, String of, ByteSize all) {
    String tooMuch = refusalOf(plan.keepFree(), of, all);
    if (tooMuch != null) {
      return tooMuch;
    }
    return containerCapacity == UNKNOWN
        ? null
        : refusalOf(plan.keepFree(), "the container", ByteSize.ofBytes(containerCapacity));
  }

  private static String refusalOf(Amount keepFree, String of, ByteSize all) {
    long more = keepFree.of(all.bytes()).bytes() - all.bytes();
    String than = more > 0 ? " is more than " : " is all of ";
    return more < 0 ? null : "keep-free=" + keepFree + than + of + sizeOf(all);
  }

  private static String sizeOf(ByteSize size) {
    return ", " + size.toHuman();
  }

  /** The areas whose errors the JVM itself throws, and so acts upon; others throw in Java code. */
  private String refusalOfRisk(HoldPlan plan) {
    boolean metered = isMeteredMetaspace(plan) && capacity < containerCapacity;
    boolean risky = plan.area() == AreaKind.STACK || plan.area().isOnHeap() || metered;
    boolean guarded = plan.until() != null || !plan.keepFree().isNone();
    if (!risky || plan.allowsOutOfMemory() || guarded && plan.area() != AreaKind.STACK) {
      return null;
    }
    if (plan.area() != AreaKind.STACK && endsBeforeError(plan)) {
      return null;
    }
    return "this plan can end in an OutOfMemoryError, and this JVM has "
        + (fatalFlag == null ? "options that cannot be read, " + unread : fatalFlag)
        + (fatalFlag == null ? ", of which one may act" : ", which acts")
        + " even when it is caught: "
        + (plan.area() == AreaKind.STACK ? "" : "take less, or give keep-free=10%, or ")
        + "risk it with oom=allow";
  }

  private boolean endsBeforeError(HoldPlan plan) {
    Limit limit = plan.limit().within(capacity);
    long blocks = limit.isNone() ? 0 : limit.blocksOf(plan.blockSize());
    double all = Math.max(0, used) + (double) blocks * plan.blockSize().bytes();
    return !limit.isNone() && all <= capacity * NEAR;
  }
}
