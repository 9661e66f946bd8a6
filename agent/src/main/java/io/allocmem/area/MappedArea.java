package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Blocks that are mapped temporary files: page cache, counted as shared RSS and in a container's
 * cache. A file has no name once opened, so the file disappears with the process, however the
 * process ends.
 *
 * <p>The touched part is first written through the file. There a full disk is an error. Touching a
 * hole through the mapping would be a SIGBUS, which ends a JVM.
 */
final class MappedArea extends PagedArea {
  private final AreaExhausted exhausted =
      new AreaExhausted("no room for a temporary file, or for its mapping");
  private final byte[] zeros = new byte[1 << 16];
  private final long touched;

  /**
   * @param touched bytes of each block to touch
   */
  MappedArea(Pages pages, long touched) {
    super(pages);
    this.touched = touched;
    warmUp();
  }

  /**
   * Links the calls while the heap has room. A disk without room is reported at the first block.
   */
  private void warmUp() {
    try (RandomAccessFile file = open()) {
      file.write(zeros, 0, OffHeap.PAGE_SIZE); // no hole is touched, as in a block
      MappedBlock block = new MappedBlock(OffHeap.PAGE_SIZE, pages);
      block.map(file.getChannel());
      block.touch(0, OffHeap.PAGE_SIZE);
      block.release();
    } catch (IOException noRoom) {
      return;
    }
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    MappedBlock block = new MappedBlock(size.bytes(), pages);
    try (RandomAccessFile file = open()) {
      for (long at = 0; at < touched; at += zeros.length) {
        file.write(zeros, 0, (int) Math.min(zeros.length, touched - at));
      }
      file.setLength(size.bytes());
      block.map(file.getChannel());
      return block;
    } catch (OutOfMemoryError refused) {
      throw exhausted.by(refused);
    } catch (IOException | InternalError refused) { // an error: no room to link a call
      throw exhausted;
    }
  }

  private static RandomAccessFile open() throws IOException {
    Path path = Files.createTempFile("allocmem-", ".mapped");
    try {
      return new RandomAccessFile(path.toFile(), "rw");
    } finally {
      Files.delete(path);
    }
  }

  @Override
  public boolean isResidentAtFirst() {
    return pages.isLocked();
  }

  private static final class MappedBlock extends AddressBlock {
    private MappedByteBuffer buffer;

    /** Sum of the values read, so that reads are not optimised away. */
    private long read;

    MappedBlock(long committed, Pages pages) {
      super(committed, pages);
    }

    void map(FileChannel file) throws IOException {
      buffer = file.map(FileChannel.MapMode.READ_WRITE, 0, committed());
      address = OffHeap.addressOf(buffer);
    }

    /** Maps the pages of the page cache. Reading never needs room on the disk. */
    @Override
    public void touch(long from, long to) {
      for (long at = from; at < to; at += OffHeap.PAGE_SIZE) {
        read += OffHeap.read(address + at);
      }
    }

    /**
     * Makes holes, which are never touched. Touched pages were written, and are released only with
     * the block.
     */
    @Override
    public void drop(long from, long to) {
      pages.punch(address, committed(), Pages.afterTouching(from), Pages.afterTouching(to));
    }

    @Override
    public void release() {
      OffHeap.free(buffer);
      buffer = null;
    }
  }
}
