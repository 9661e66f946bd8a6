package io.allocmem.plan;

import java.util.Locale;

/** Area of memory where a plan allocates. */
public enum AreaKind {
  /**
   * One {@code int[]} per block. An array has at most 2^31 elements. The maximum of 8188 MiB is a
   * whole number of MiB and also the maximum of the reference tool.
   */
  HEAP("the Java heap", ByteSize.parse("8188m"), true),

  /** Linked small objects on the heap: load for the garbage collector. */
  OBJECTS("small objects on the Java heap", ByteSize.ofBytes(Long.MAX_VALUE), false),

  /** Memory of the C library, outside the heap and outside every limit of the JVM. */
  NATIVE("native memory", ByteSize.ofBytes(Long.MAX_VALUE), true),

  /**
   * One direct buffer per block, counted against -XX:MaxDirectMemorySize. The capacity of a buffer
   * is an int, in bytes.
   */
  DIRECT("direct memory", ByteSize.parse("2047m"), true),

  /** One mapped temporary file per block: page cache. */
  MAPPED("mapped files", ByteSize.parse("2047m"), true),

  /** One class loader with its classes per block. */
  METASPACE("metaspace", ByteSize.ofBytes(Long.MAX_VALUE), false),

  /**
   * One waiting thread per block, with a stack of the block size. The fill ratio sets the used part
   * of the stack.
   */
  STACK("thread stacks", ByteSize.parse("1g"), true);

  private final String human;
  private final ByteSize largestBlock;
  private final boolean sparse;

  AreaKind(String human, ByteSize largestBlock, boolean sparse) {
    this.human = human;
    this.largestBlock = largestBlock;
    this.sparse = sparse;
  }

  /**
   * Reads {@code heap}, {@code native} or the name of another area, in any case; {@code offheap} is
   * {@code native}.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static AreaKind parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("offheap") || word.equals("off-heap")) {
      return NATIVE;
    }
    StringBuilder names = new StringBuilder();
    for (AreaKind kind : values()) {
      if (kind.toString().equals(word)) {
        return kind;
      }
      names.append(names.length() == 0 ? "" : ", ").append(kind);
    }
    throw new IllegalArgumentException("an area is one of " + names);
  }

  /** Returns the largest block that one allocation can give. */
  public ByteSize largestBlock() {
    return largestBlock;
  }

  /** Returns true if a part of a block can stay untouched. If not, a fill ratio has no meaning. */
  public boolean canBeSparse() {
    return sparse;
  }

  /**
   * Returns true if several threads can take blocks of a plan at once. The JVM starts threads, and
   * defines classes, almost one after the other.
   */
  public boolean hasThreads() {
    return this != STACK && this != METASPACE;
  }

  /**
   * Returns true if blocks can have pages of this kind. Only memory of the C library begins at an
   * address for life and is private. The kernel gives small pages to a file that is written.
   */
  public boolean has(PageKind pages) {
    boolean allocated = this == NATIVE || this == DIRECT;
    return pages == PageKind.NORMAL || allocated || pages == PageKind.LOCKED && this == MAPPED;
  }

  /** Returns the name for people: {@code the Java heap}. */
  public String toHuman() {
    return human;
  }

  /** Returns true if the area takes Java heap. */
  public boolean isOnHeap() {
    return this == HEAP || this == OBJECTS;
  }

  /**
   * Returns the capacity that a percentage refers to, for people. An area without a limit of its
   * own ends with the container, or with the machine. A plan alone does not know which.
   */
  public String capacityToHuman() {
    return capacityToHuman("the container or machine");
  }

  /**
   * Returns the capacity that a percentage refers to, for people.
   *
   * @param surroundings name of the container or machine around the JVM
   */
  public String capacityToHuman(String surroundings) {
    switch (this) {
      case HEAP:
      case OBJECTS:
        return HEAP.human;
      case DIRECT:
      case METASPACE:
        return human;
      default:
        return surroundings;
    }
  }

  /** Returns the option text: {@code heap}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
