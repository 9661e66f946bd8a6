package io.allocmem.area;

import io.allocmem.plan.ByteSize;
import java.util.function.ToLongFunction;

/**
 * Blocks of linked small objects, with the marking cost of a real leak for a collector. The block
 * size determines the number of objects, by the size of an object in this JVM.
 */
final class ObjectsArea implements MemoryArea {
  private final AreaExhausted exhausted = new AreaExhausted("no room for a block on the Java heap");
  private final long nodeSize;

  /**
   * @param sizeOf bytes of an object in this JVM
   */
  ObjectsArea(ToLongFunction<Object> sizeOf) {
    nodeSize = sizeOf.applyAsLong(new Node(null));
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    long nodes = (size.bytes() + nodeSize - 1) / nodeSize;
    try {
      Node last = null;
      for (long i = 0; i < nodes; i++) {
        last = new Node(last);
      }
      return new ObjectsBlock(nodes * nodeSize, last);
    } catch (OutOfMemoryError refused) {
      throw exhausted;
    }
  }

  @Override
  public String pagesUnavailable() {
    return "small objects lie anywhere on the heap";
  }

  /**
   * Object of 24 bytes with compressed references: about the size of an entry in a list or a map.
   */
  private static final class Node {
    final Node before;
    final long value = 1;

    Node(Node before) {
      this.before = before;
    }
  }

  private static final class ObjectsBlock extends UncountedBlock {
    private Node last;

    ObjectsBlock(long committed, Node last) {
      super(committed);
      this.last = last;
    }

    @Override
    public void release() {
      last = null;
    }
  }
}
