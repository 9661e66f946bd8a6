package io.allocmem.plan;

import java.util.Locale;

/** Where memory is taken. */
public enum AreaKind {
  /**
   * One {@code int[]} a block. An array has at most 2^31 elements; 8188 MiB is the whole number of
   * MiB that the reference tool allows too.
   */
  HEAP("the Java heap", ByteSize.parse("8188m"), true),

  /** Linked small objects on the heap: work for a collector. */
  OBJECTS("small objects on the Java heap", ByteSize.ofBytes(Long.MAX_VALUE), false),

  /** Memory of the C library, outside the heap and outside every limit of the JVM. */
  NATIVE("native memory", ByteSize.ofBytes(Long.MAX_VALUE), true),

  /**
   * One direct buffer a block, counted against -XX:MaxDirectMemorySize; a buffer has an int of
   * bytes.
   */
  DIRECT("direct memory", ByteSize.parse("2047m"), true),

  /** One mapped temporary file a block: page cache. */
  MAPPED("mapped files", ByteSize.parse("2047m"), true),

  /** A loader and its classes a block. */
  METASPACE("metaspace", ByteSize.ofBytes(Long.MAX_VALUE), false),

  /** A thread a block, that waits; of its stack so much is used. */
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
   * Reads {@code heap}, {@code native} and so on.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static AreaKind parse(String text) {
    StringBuilder names = new StringBuilder();
    for (AreaKind kind : values()) {
      if (kind.toString().equals(text)) {
        return kind;
      }
      names.append(names.length() == 0 ? "" : ", ").append(kind);
    }
    throw new IllegalArgumentException("an area is one of " + names);
  }

  /** The largest block that one allocation can give here. */
  public ByteSize largestBlock() {
    return largestBlock;
  }

  /** Whether a part of a block can be left untouched: if not, a fill ratio has no meaning. */
  public boolean canBeSparse() {
    return sparse;
  }

  /** For people: {@code the Java heap}. */
  public String toHuman() {
    return human;
  }

  /** Whether the Java heap is what it takes. */
  public boolean isOnHeap() {
    return this == HEAP || this == OBJECTS;
  }

  /**
   * For people, what an amount in percent is a share of; the areas without a limit of their own end
   * with the container, or with the machine.
   */
  public String capacityToHuman() {
    switch (this) {
      case HEAP:
      case OBJECTS:
        return HEAP.human;
      case DIRECT:
      case METASPACE:
        return human;
      default:
        return "the container";
    }
  }

  /** As an option: {@code heap}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
