package io.allocmem.area;

import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.ByteSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Blocks that are mapped temporary files: page cache, counted as shared RSS and in a container's
 * cache. A file has no name once opened, so the file disappears with the process, however the
 * process ends.
 *
 * <p>The touched part is first written through the file. There a full disk is an error. Touching a
 * hole through the mapping would be a SIGBUS, which ends a JVM.
 */
final class MappedArea extends PagedArea {
  private static final String DIRECTORY = System.getProperty("java.io.tmpdir");
  private static final FileAttribute<?>[] OWNER_ONLY = ownerOnly();

  private final AreaExhausted exhausted =
      new AreaExhausted("no room for a temporary file, or for its mapping");
  private final byte[] zeros = new byte[1 << 16];
  private final AreaExhausted notLocked = new AreaExhausted(NO_LOCK);
  private final BlockPages kind;
  private final long touched;

  /**
   * @param touched bytes of each block to touch
   */
  MappedArea(BlockPages kind, long touched) {
    super(kind.pages);
    this.kind = kind;
    this.touched = touched;
    warmUp();
  }

  /**
   * Links the calls while the heap has room. A disk without room is reported at the first block.
   */
  private void warmUp() {
    try (RandomAccessFile file = open()) {
      file.write(zeros, 0, OffHeap.PAGE_SIZE); // no hole is touched, as in a block
      MappedBlock block = new MappedBlock(OffHeap.PAGE_SIZE, kind);
      block.map(file.getChannel());
      block.prepare();
      block.touch(0, OffHeap.PAGE_SIZE);
      block.release();
    } catch (IOException noRoom) {
      return;
    }
  }

  @Override
  public Block allocate(ByteSize size) throws AreaExhausted {
    MappedBlock block = new MappedBlock(size.bytes(), kind);
    try (RandomAccessFile file = open()) {
      for (long at = 0; at < touched; at += zeros.length) {
        file.write(zeros, 0, (int) Math.min(zeros.length, touched - at));
      }
      file.setLength(size.bytes());
      block.map(file.getChannel());
    } catch (OutOfMemoryError refused) {
      throw exhausted.by(refused);
    } catch (IOException | InternalError refused) { // an error: no room to link a call
      throw exhausted;
    }
    if (!block.prepare()) {
      block.release();
      throw notLocked;
    }
    return block;
  }

  private static RandomAccessFile open() throws IOException {
    Path path = createFile();
    try {
      return new RandomAccessFile(path.toFile(), "rw");
    } finally {
      Files.delete(path);
    }
  }

  /**
   * Creates a file of a new name, exclusively. {@code Files.createTempFile} would load the JDK's
   * random numbers, which keep /dev/random and /dev/urandom open in the service.
   */
  private static Path createFile() throws IOException {
    for (long number = System.nanoTime(); ; number++) {
      Path file = Paths.get(DIRECTORY, "allocmem-" + (number & Long.MAX_VALUE) + ".mapped");
      try {
        return Files.createFile(file, OWNER_ONLY);
      } catch (FileAlreadyExistsException taken) {
        continue;
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0]; // on Windows the temporary directory of a user is private
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
  }

  @Override
  public boolean isResidentAtFirst() {
    return pages.isLocked();
  }

  private static final class MappedBlock extends AddressBlock {
    private MappedByteBuffer buffer;

    /** Sum of the values read, so that reads are not optimised away. */
    private long read;

    MappedBlock(long committed, BlockPages kind) {
      super(committed, kind);
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
      if (from == 0) {
        unlock();
      }
      pages.punch(address, committed(), Pages.afterTouching(from), Pages.afterTouching(to));
    }

    @Override
    public void release() {
      unlock();
      OffHeap.free(buffer);
      buffer = null;
    }
  }
}
