package io.allocmem.launcher.check;

import io.allocmem.control.Reading;
import io.allocmem.launcher.process.JvmErgonomics;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.HoldPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Heap and direct memory of a new JVM whose only work is a plan. The plan decides: the default
 * heap, a quarter of the machine or container, has no relation to the plan. The heap has the size
 * of the blocks as the collector places the blocks, and what the JVM needs beside. The heap starts
 * at this size: then no collection moves blocks while the plan allocates, and a fill ratio holds. A
 * heap beyond the available memory starts smaller, since the kernel refuses to commit more at once.
 *
 * <p>Options of the user about the size of the heap or of the young generation replace this choice.
 */
public final class RunSizes {
  private static final long MIB = 1L << 20;

  /** Options that size the heap; {@code -Xms} alone does not. */
  private static final List<String> HEAP =
      List.of(
          "-Xmx",
          "-mx",
          "-Xmn",
          "-XX:MaxHeapSize=",
          "-XX:MaxRAM",
          "-XX:MinRAM",
          "-XX:NewSize=",
          "-XX:MaxNewSize=",
          "-XX:NewRatio=",
          "-XX:SurvivorRatio=",
          "-XX:+AggressiveHeap");

  private static final String DIRECT = "-XX:MaxDirectMemorySize=";

  /** Heap of a JVM with a plan outside the heap: 9 MiB are used, the rest is never touched. */
  private static final long SMALL_HEAP = 64 * MIB;

  /** Heap of that JVM beside the objects of many blocks. */
  private static final long OWN_HEAP = 32 * MIB;

  /** Objects on the heap for a block outside the heap: buffer, thread, page count. */
  private static final long OBJECTS_OF_BLOCK = 1 << 10;

  /** Share of a block of metaspace that its class objects take on the heap. */
  private static final long CLASS_OBJECTS_SHARE = 16;

  /** Direct memory of the JVM itself, and of the trial at the start of the agent. */
  private static final long OWN_DIRECT = MIB;

  /** Above this sum no address space is left, and no heap is sized. */
  private static final long MOST = 1L << 46;

  /** Share of the capacity that a plan with headroom leaves free between two samples. */
  private static final long SAMPLES_SHARE = 128;

  private static final int MOST_STEPS = 1000;

  private final HoldPlan plan;
  private final JvmErgonomics jvm;
  private final StartOptions given;
  private final HeapLayout layout;
  private final boolean fatal;
  private final long available;

  /** Blocks of the plan; {@link Reading#UNKNOWN} if the amount is a share or has no limit. */
  private final long blocks;

  private final List<String> options = new ArrayList<>();
  private long heap;
  private long needed = Reading.UNKNOWN;

  private RunSizes(HoldPlan plan, JvmErgonomics jvm, StartOptions given, long available) {
    this.plan = plan;
    this.available = available;
    this.jvm = jvm;
    this.given = given;
    this.layout = new HeapLayout(jvm, given);
    this.fatal = !given.fatal().isEmpty() && !plan.allowsOutOfMemory();
    this.blocks = blocksOf(plan);
    this.heap = jvm.number("MaxHeapSize");
    if (jvm.isKnown()) {
      size();
    }
  }

  /**
   * Sizes a JVM for a plan.
   *
   * @param given options of the user for the JVM
   * @param available available memory of the machine; {@link Reading#UNKNOWN} if unknown
   */
  public static RunSizes of(HoldPlan plan, JvmErgonomics jvm, StartOptions given, long available) {
    return new RunSizes(plan, jvm, given, available);
  }

  private static long blocksOf(HoldPlan plan) {
    long block = plan.blockSize().bytes();
    long bytes = Reading.UNKNOWN;
    if (plan.until() != null) {
      bytes = plan.until().isShare() ? bytes : plan.until().size().bytes();
    } else if (!plan.limit().isShare() && !plan.limit().isNone()) {
      bytes = plan.limit().bytes();
    }
    return bytes < 0 || bytes > MOST ? Reading.UNKNOWN : (bytes + block - 1) / block;
  }

  private void size() {
    boolean sized = given.options().stream().anyMatch(RunSizes::isOfHeap);
    boolean free = !sized && given.unread().isEmpty();
    if (plan.area().isOnHeap() && blocks >= 0) {
      needed = heapOfPlan();
      if (free) {
        heap = Math.max(needed, layout.rounded(given.size("-Xms", "-XX:InitialHeapSize=")));
        Stream.of("-Xms" + mib(first()), "-Xmx" + mib(heap), layout.young(plan, heap))
            .filter(option -> !option.isEmpty())
            .forEach(options::add);
      }
    } else if (free && !plan.area().isOnHeap() && isIndependentOfHeap()) {
      long small = Math.max(SMALL_HEAP, OWN_HEAP + objects());
      heap = layout.rounded(Math.max(small, given.size("-Xms", "-XX:InitialHeapSize=")));
      options.add("-Xmx" + mib(heap));
    }
    if (plan.area() == AreaKind.DIRECT && blocks >= 0 && given.value(DIRECT).isEmpty()) {
      options.add(DIRECT + mib(round(withHeadroom(blocks * block() + OWN_DIRECT + extra()))));
    }
  }

  /** Returns the size at the start. */
  private long first() {
    return available < MIB ? heap : Math.min(heap, available);
  }

  private static boolean isOfHeap(String option) {
    return HEAP.stream().anyMatch(option::startsWith);
  }

  /** By default direct memory has the limit of the heap. */
  private boolean isIndependentOfHeap() {
    return plan.area() != AreaKind.DIRECT || blocks >= 0 || given.value(DIRECT).isPresent();
  }

  /** Returns the heap at which blocks, JVM and headroom fit. The last three depend on the heap. */
  private long heapOfPlan() {
    long size = blocks * block();
    for (int step = 0; step < MOST_STEPS; step++) {
      long taken = layout.takenBy(plan, blocks, size) + extra();
      long margin = fatal ? layout.errorMargin(plan, size) : layout.overheadFloor(plan, size);
      long beside = layout.beside(taken, size) + margin;
      long next = layout.rounded(taken + beside + headroom(size));
      if (next <= size || next > MOST) {
        return size;
      }
      size = next;
    }
    return size;
  }

  /** A plan that rotates holds one block more for a moment, until a collection. */
  private long extra() {
    return plan.then() == AtLimit.ROTATE ? layout.takenBy(plan, 1, 0) : 0;
  }

  private long withHeadroom(long bytes) {
    long size = bytes;
    for (int step = 0; step < MOST_STEPS && size < bytes + headroom(size); step++) {
      size = Math.min(MOST, bytes + headroom(size));
    }
    return size;
  }

  private long headroom(long capacity) {
    return plan.keepFree().isNone()
        ? 0
        : plan.keepFree().bytesOf(capacity) + capacity / SAMPLES_SHARE + block();
  }

  private long objects() {
    long count = Math.max(0, blocks);
    long ofClasses = plan.area() == AreaKind.METASPACE ? count * block() / CLASS_OBJECTS_SHARE : 0;
    return count * OBJECTS_OF_BLOCK + ofClasses;
  }

  private long block() {
    return plan.blockSize().bytes();
  }

  private static long round(long bytes) {
    return (bytes + MIB - 1) / MIB * MIB;
  }

  private static String mib(long bytes) {
    return bytes / MIB + "m";
  }

  /** Returns the options of the JVM, to stand before the options of the user. */
  public List<String> options() {
    return options;
  }

  /** Returns the maximum of the heap; {@link Reading#UNKNOWN} if the JVM did not tell. */
  public long heap() {
    return heap;
  }

  /** Returns the sizes of the JVM, for people. */
  public String toHuman() {
    String size = "heap of %s".formatted(Sizes.of(heap));
    if (!options.isEmpty()) {
      return "%s for this plan: %s (-J-Xmx sets another)"
          .formatted(size, String.join(" ", options));
    }
    return needed > heap && heap > 0
        ? "%s, and the plan needs %s: the plan will end EXHAUSTED; leave out the options of the heap, or give %s"
            .formatted(size, Sizes.of(needed), "-J-Xmx" + mib(needed))
        : size + ", as set by options or chosen by the JVM";
  }

  /** Returns names and values for scripts. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("heapMax", heap < 0 ? null : heap);
    fields.put("heapNeeded", needed < 0 ? null : needed);
    fields.put("jvmOptions", options);
    return fields;
  }

  /**
   * Returns the resident memory that the JVM reaches at most, as measured with plans of all areas.
   *
   * @param surroundings memory of the container or machine: the end of a plan without a limit
   */
  long peak(long surroundings) {
    return peakOfBlocks(surroundings) + beside(surroundings);
  }

  /** Returns the resident memory that the blocks reach at most. */
  long peakOfBlocks(long surroundings) {
    long count = count(surroundings);
    long bytes = plan.touchedPerBlock().bytes() * count;
    if (!plan.fill().isFull() && (plan.area().isOnHeap() || plan.area() == AreaKind.DIRECT)) {
      bytes = layout.copies(plan, heap) ? block() * count : bytes + block(); // zeroed by the JVM
    }
    long inHeap = plan.area().isOnHeap() ? Math.min(bytes, heap) : bytes;
    return given.isOn("AlwaysPreTouch") ? Math.max(heap, inHeap) : inHeap;
  }

  /** Returns the resident memory of the JVM beside the blocks, at most. */
  long beside(long surroundings) {
    return OwnRss.of(plan, count(surroundings), heap);
  }

  private long count(long surroundings) {
    return blocks >= 0 ? blocks : shareOf(plan.area().isOnHeap() ? heap : surroundings);
  }

  private long shareOf(long capacity) {
    long bytes = plan.until() == null ? 0 : plan.until().bytesOf(capacity);
    if (plan.until() == null) {
      bytes = plan.limit().isNone() ? capacity : plan.within(capacity).limit().bytes();
    }
    return (bytes + block() - 1) / block();
  }
}
