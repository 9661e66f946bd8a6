package io.allocmem.control;

/**
 * Table of readings: figures of a plan, in the order of the control protocol. Each row is a field
 * of the control file, of the status in JSON and of a record, and an attribute of the plan's MBean.
 * A new row comes last, with its first protocol.
 */
public enum Reading {
  BLOCKS(Scope.PLAN, Unit.COUNT, "blocks", "Blocks that the plan holds"),
  COMMITTED(Scope.PLAN, Unit.BYTES, "committed", "Bytes in the blocks"),
  TOUCHED(Scope.PLAN, Unit.BYTES, "touched", "Bytes of the blocks that were written"),
  RESIDENT(Scope.PLAN, Unit.BYTES, "resident", "Bytes of the blocks in RAM, by the kernel's count"),
  RSS_BEFORE(Scope.PLAN, Unit.BYTES, "rssBefore", "RSS of the process before the first block"),
  RSS(Scope.JVM, Unit.BYTES, "rss", "RSS of the process"),
  HEAP_USED(Scope.JVM, Unit.BYTES, "heapUsed", "Heap used, garbage included"),
  HEAP_MAX(Scope.JVM, Unit.BYTES, "heapMax", "Maximum heap size"),
  REGION_WASTE(
      Scope.PLAN, Unit.BYTES, "regionWaste", "Heap lost to blocks that take whole regions"),
  HEAP_LIVE(
      Scope.JVM,
      Unit.BYTES,
      "heapLive",
      "Heap used after the last collection, and blocks allocated since"),
  HEAP_LIVE_BEFORE(
      Scope.PLAN,
      Unit.BYTES,
      "heapLiveBefore",
      "Live heap of the application, after the first collection that the plan saw"),
  CONTAINER_USED(Scope.JVM, Unit.BYTES, "containerUsed", "Memory used in the container"),
  CONTAINER_USED_BEFORE(
      Scope.PLAN,
      Unit.BYTES,
      "containerUsedBefore",
      "Memory used in the container before the first block"),
  CONTAINER_CAPACITY(Scope.JVM, Unit.BYTES, "containerCapacity", "Memory limit of the container"),
  COLLECTIONS(3, Scope.JVM, Unit.COUNT, "collections", "Collections since the JVM started"),
  PAUSE_MILLIS(
      3,
      Scope.JVM,
      Unit.MILLIS,
      "pauseMillis",
      "Time that collections stopped the application, since the JVM started"),
  DUE_MILLIS(
      3,
      Scope.PLAN,
      Unit.EPOCH_MILLIS,
      "dueMillis",
      "Time of the next block, or of the end of a hold"),
  GIVEN_BACK(
      3,
      Scope.PLAN,
      Unit.BYTES,
      "givenBack",
      "Bytes of held blocks returned to the kernel, above the fill ratio"),
  GC_CPU_MILLIS(
      5,
      Scope.JVM,
      Unit.MILLIS,
      "gcCpuMillis",
      "CPU time of the collector's threads and the VM thread, since the JVM started"),
  REACHED(
      6,
      Scope.PLAN,
      Unit.COUNT,
      "reached",
      "1 if the plan reached what was asked, 0 before that or after a refusal"),
  AT_START_UP(
      7,
      Scope.PLAN,
      Unit.COUNT,
      "atStartUp",
      "1 if the application had not started when rssBefore was measured, else 0"),
  RSS_RELEASED(
      7,
      Scope.PLAN,
      Unit.BYTES,
      "rssReleased",
      "RSS after the release of all blocks, before a requested collection"),
  TARGET(
      8,
      Scope.PLAN,
      Unit.BYTES,
      "target",
      "Level that the full plan keeps: the blocks of the limit, or the target utilisation"),
  TARGET_MILLIS(
      8,
      Scope.PLAN,
      Unit.MILLIS,
      "targetMillis",
      "Time since the plan was full, without ramp-down and refills of a cycle"),
  ON_TARGET_MILLIS(
      8,
      Scope.PLAN,
      Unit.MILLIS,
      "onTargetMillis",
      "Part of this time within 1 % of the target, or within 2 points of an effect"),
  LARGEST_DEVIATION(
      8,
      Scope.PLAN,
      Unit.BYTES,
      "largestDeviation",
      "Largest difference from the target in this time"),
  DURATION_END_MILLIS(
      9,
      Scope.PLAN,
      Unit.EPOCH_MILLIS,
      "durationEndMillis",
      "Time of the release at the end of the duration"),
  LEASE_END_MILLIS(
      9,
      Scope.PLAN,
      Unit.EPOCH_MILLIS,
      "leaseEndMillis",
      "Time of the release without a further renewal of the lease"),
  CONTAINER_HIGH(
      10,
      Scope.JVM,
      Unit.BYTES,
      "containerHigh",
      "Memory use of the container above which the kernel throttles (memory.high)"),
  HUGE(
      11,
      Scope.PLAN,
      Unit.BYTES,
      "huge",
      "Bytes of the blocks in huge pages, by the kernel's count, with pages=huge"),
  LOCKED(11, Scope.PLAN, Unit.BYTES, "locked", "Locked memory of the process, with pages=locked"),

  CPU_MILLIS(12, Scope.JVM, Unit.MILLIS, "cpuMillis", "CPU time of the process since its start"),
  GC_OF_PROCESS_1S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "gcOfProcess1s",
      "Part of collections in the CPU time of the process, over the last second"),
  GC_OF_PROCESS_10S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "gcOfProcess10s",
      "Part of collections in the CPU time of the process, over the last 10 seconds"),
  GC_OF_PROCESSORS_1S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "gcOfProcessors1s",
      "Part of collections in the time of all processors of the JVM, over the last second"),
  GC_OF_PROCESSORS_10S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "gcOfProcessors10s",
      "Part of collections in the time of all processors of the JVM, over the last 10 seconds"),
  PAUSE_1S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "pause1s",
      "Part of the last second in which collections stopped the application"),
  PAUSE_10S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "pause10s",
      "Part of the last 10 seconds in which collections stopped the application"),
  PRESSURE_MILLIS(
      12,
      Scope.JVM,
      Unit.MILLIS,
      "pressureMillis",
      "Time in which some thread of the container waited for memory, since the container started"),
  PRESSURE_1S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "pressure1s",
      "Part of the last second in which some thread of the container waited for memory"),
  PRESSURE_10S(
      12,
      Scope.JVM,
      Unit.THOUSANDTHS,
      "pressure10s",
      "Part of the last 10 seconds in which some thread of the container waited for memory"),
  MAJOR_FAULTS(
      12,
      Scope.JVM,
      Unit.COUNT,
      "majorFaults",
      "Page faults of the process that waited for a disk, since its start"),
  THROTTLED_MILLIS(
      12,
      Scope.JVM,
      Unit.MILLIS,
      "throttledMillis",
      "Time in which CPU limits stopped the container, in sum over processors and nested limits"),
  SWAP(12, Scope.JVM, Unit.BYTES, "swap", "Swapped memory of the process"),
  STALL_P50(
      12,
      Scope.JVM,
      Unit.MICROS,
      "stallP50",
      "Median of the stalls of the last second, with stalls=on"),
  STALL_P99(
      12,
      Scope.JVM,
      Unit.MICROS,
      "stallP99",
      "Length that 99 % of the stalls of the last second do not exceed"),
  STALL_P999(
      12,
      Scope.JVM,
      Unit.MICROS,
      "stallP999",
      "Length that 99.9 % of the stalls of the last second do not exceed"),
  STALL_MAX(12, Scope.JVM, Unit.MICROS, "stallMax", "Longest stall of the last second"),
  STALL_P50_IN_ALL(
      12, Scope.JVM, Unit.MICROS, "stallP50InAll", "Median of the stalls since the plan started"),
  STALL_P99_IN_ALL(
      12,
      Scope.JVM,
      Unit.MICROS,
      "stallP99InAll",
      "Length that 99 % of the stalls since the plan started do not exceed"),
  STALL_P999_IN_ALL(
      12,
      Scope.JVM,
      Unit.MICROS,
      "stallP999InAll",
      "Length that 99.9 % of the stalls since the plan started do not exceed"),
  STALL_MAX_IN_ALL(
      12, Scope.JVM, Unit.MICROS, "stallMaxInAll", "Longest stall since the plan started"),
  STOPPED(12, Scope.PLAN, Unit.COUNT, "stopped", "1 if a stop condition released the plan, else 0"),
  EFFECT_TARGET(
      12,
      Scope.PLAN,
      Unit.THOUSANDTHS,
      "effectTarget",
      "Share that the pressure is to cost, with until=gc:25%"),
  EFFECT_MEASURED(
      12,
      Scope.PLAN,
      Unit.THOUSANDTHS,
      "effectMeasured",
      "Share that the pressure costs, over the last 10 seconds, with until=gc:25%");

  /** Value of a reading not measured, not known, or not in the protocol of the other end. */
  public static final long UNKNOWN = -1;

  /** Number of rows. */
  static final int COUNT = values().length;

  /** Number of rows in protocol 1, stored before the message. */
  static final int IN_FIRST = COLLECTIONS.ordinal();

  private static final Reading[] ALL = values();

  /** Subject of a reading. */
  public enum Scope {
    /** The whole process: the same in all plans of a JVM. */
    JVM,
    /** One plan. */
    PLAN
  }

  /** Unit of a reading. */
  public enum Unit {
    BYTES(""),
    COUNT(""),
    /** Microseconds. */
    MICROS(", in microseconds"),
    /** Milliseconds. */
    MILLIS(", in milliseconds"),
    /** Milliseconds since 1970. */
    EPOCH_MILLIS(", in milliseconds since 1970"),
    /** Thousandths of a whole. */
    THOUSANDTHS(", in thousandths");

    private final String words;

    Unit(String words) {
      this.words = words;
    }
  }

  private final int since;
  private final Scope scope;
  private final Unit unit;
  private final String field;
  private final String description;

  Reading(Scope scope, Unit unit, String field, String description) {
    this(1, scope, unit, field, description);
  }

  Reading(int since, Scope scope, Unit unit, String field, String description) {
    this.since = since;
    this.scope = scope;
    this.unit = unit;
    this.field = field;
    this.description = description;
  }

  /** Returns the row with that ordinal. Allocates nothing, unlike {@link #values}. */
  static Reading at(int ordinal) {
    return ALL[ordinal];
  }

  /** Returns the first protocol with this reading. */
  int since() {
    return since;
  }

  /** Returns the subject of the reading. */
  public Scope scope() {
    return scope;
  }

  /** Returns the unit of the value. */
  public Unit unit() {
    return unit;
  }

  /** Returns the name in JSON and in records: {@code rssBefore}. */
  public String field() {
    return field;
  }

  /** Returns the name of the MBean attribute: {@code RssBefore}. */
  public String attribute() {
    return Character.toUpperCase(field.charAt(0)) + field.substring(1);
  }

  /** Returns a description of one line, for people, with the unit unless bytes or a count. */
  public String description() {
    return description + unit.words;
  }

  /**
   * Returns whether each plan knows the value at all times: such a value is never {@link #UNKNOWN}.
   */
  public boolean isAlwaysKnown() {
    return this == BLOCKS
        || this == COMMITTED
        || this == TOUCHED
        || this == REGION_WASTE
        || this == GIVEN_BACK;
  }
}
