package io.allocmem.area;

import io.allocmem.plan.ByteSize;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/**
 * Blocks of classes: each block is a class loader that defines them until metaspace has grown by
 * the block size. They are never linked or run. The JVM unloads them, once the loader is dropped,
 * at a collection.
 */
final class MetaspaceArea implements MemoryArea {
  private final AreaExhausted exhausted =
      new AreaExhausted("no metaspace left (-XX:MaxMetaspaceSize)");
  private final MemoryPoolMXBean metaspace = metaspace();
  private final LargeClass largeClass = new LargeClass();

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    try {
      DefiningLoader loader = new DefiningLoader();
      long grown = 0;
      while (grown < size.bytes()) {
        long before = used();
        loader.define(largeClass);
        grown += Math.max(0, used() - before); // less is used where others are unloaded meanwhile
      }
      return new MetaspaceBlock(grown, loader);
    } catch (OutOfMemoryError refused) {
      throw exhausted.by(refused);
    }
  }

  @Override
  public long capacity() {
    return metaspace.getUsage().getMax();
  }

  @Override
  public long used() {
    return metaspace.getUsage().getUsed();
  }

  private static MemoryPoolMXBean metaspace() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        return pool;
      }
    }
    throw new IllegalStateException("this JVM has no memory pool Metaspace");
  }

  @Override
  public String pagesUnavailable() {
    return "classes lie anywhere in metaspace";
  }

  /** Its parent is the boot loader: it keeps nothing of the application. */
  private static final class DefiningLoader extends ClassLoader {
    DefiningLoader() {
      super(null);
    }

    void define(LargeClass next) {
      byte[] bytes = next.withNextName();
      defineClass(null, bytes, 0, bytes.length);
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
