package io.allocmem.area;

import io.allocmem.plan.ByteSize;

/**
 * Blocks of classes: each block is a class loader that defines classes until metaspace has grown by
 * the block size. The classes are never linked or run. After release of the loader the JVM unloads
 * the classes at a collection.
 */
final class MetaspaceArea implements MemoryArea {
  /**
   * Compressed class space of a class, in bytes; {@link #LOADER_BYTES} is the initial space of a
   * loader.
   */
  private static final long CLASS_BYTES = 1024;

  private static final long LOADER_BYTES = 64 << 10;

  /** Metaspace of the largest class, in bytes. */
  private static final long LARGEST_CLASS = (long) LargeClass.METHODS * LargeClass.METHOD_BYTES;

  /** Smaller classes at the end of a block, at most. */
  private static final long CLASSES_OF_REST = 3;

  private static final String CLASS_SPACE_ERROR = "Compressed class space"; // metaspace.cpp

  private final AreaExhausted exhausted =
      new AreaExhausted("no metaspace left (-XX:MaxMetaspaceSize)");
  private final AreaExhausted classSpaceExhausted =
      new AreaExhausted("no compressed class space left (-XX:CompressedClassSpaceSize)");
  private final ClassPool metaspace = ClassPool.of("Metaspace");

  /** Pool of the compressed class space; null if class pointers are not compressed. */
  private final ClassPool classSpace = ClassPool.of("Compressed Class Space");

  private final String nameOfArea = String.valueOf("metaspace");
  private final String nameOfClassSpace = String.valueOf("the compressed class space");
  private final LargeClass largeClass = new LargeClass();

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    try {
      DefiningLoader loader = new DefiningLoader();
      long grown = 0;
      while (grown < size.bytes()) {
        long before = metaspace.usedNow();
        loader.define(largeClass, methodsFor(size.bytes() - grown));
        grown += Math.max(0, metaspace.usedNow() - before); // use falls while classes are unloaded
      }
      return new MetaspaceBlock(grown, loader);
    } catch (OutOfMemoryError refused) {
      String message = refused.getMessage();
      boolean space = message != null && message.startsWith(CLASS_SPACE_ERROR);
      throw (space ? classSpaceExhausted : exhausted).by(refused);
    }
  }

  /** Returns the number of methods of the next class, for this rest of a block. */
  private static int methodsFor(long rest) {
    return (int) Math.max(1, Math.min(LargeClass.METHODS, rest / LargeClass.METHOD_BYTES));
  }

  @Override
  public long capacity() {
    return metaspace.max();
  }

  @Override
  public long used() {
    return metaspace.used();
  }

  @Override
  public double nearestShare() {
    return isClassSpaceNearest() ? classSpace.share() : metaspace.share();
  }

  @Override
  public String nearestLimit() {
    return isClassSpaceNearest() ? nameOfClassSpace : nameOfArea;
  }

  private boolean isClassSpaceNearest() {
    return classSpace != null && classSpace.share() > metaspace.share();
  }

  @Override
  public boolean isNearError(ByteSize block) {
    long classes = block.bytes() / LARGEST_CLASS + CLASSES_OF_REST;
    return metaspace.isNearError(block.bytes() + LargeClass.METHOD_BYTES)
        || classSpace != null && classSpace.isNearError(classes * CLASS_BYTES + LOADER_BYTES);
  }

  @Override
  public String pagesUnavailable() {
    return "classes lie anywhere in metaspace";
  }

  /** Class loader with the boot loader as parent: keeps nothing of the application alive. */
  private static final class DefiningLoader extends ClassLoader {
    DefiningLoader() {
      super(null);
    }

    void define(LargeClass largeClass, int methods) {
      defineClass(null, largeClass.next(methods), 0, largeClass.length(methods));
    }
  }

  private static final class MetaspaceBlock extends UncountedBlock {
    private ClassLoader loader;

    MetaspaceBlock(long committed, ClassLoader loader) {
      super(committed);
      this.loader = loader;
    }

    @Override
    public void release() {
      loader = null;
    }
  }
}
