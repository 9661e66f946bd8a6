import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Application that reads a mapped file at random and at a constant rate, as a service with an index
 * does: the file's pages are the first to go when memory gets short, and each comes back from the
 * disk.
 */
final class Paging implements Runnable {
  private static final int PAGE = 4096;
  private static final int READS_PER_ROUND = 200;
  private static final long ROUND_NANOS = 10_000_000;

  private static volatile int sink;

  private final MappedByteBuffer file;
  private final long seed;

  private Paging(MappedByteBuffer file, long seed) {
    this.file = file;
    this.seed = seed;
  }

  /** Creates a file of random pages, and starts its readers. */
  static String start(String name, int mib, int readers) throws Exception {
    try (RandomAccessFile made = new RandomAccessFile(name, "rw")) {
      byte[] piece = new byte[1 << 20];
      Random random = new Random(mib);
      for (int i = 0; i < mib; i++) {
        random.nextBytes(piece);
        made.write(piece);
      }
      made.getFD().sync(); // pages to be written cannot be dropped
      MappedByteBuffer map = made.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, made.length());
      for (int i = 0; i < readers; i++) {
        Thread thread = new Thread(new Paging(map, i), "paging " + i);
        thread.setDaemon(true);
        thread.start();
      }
    }
    return "reads";
  }

  @Override
  public void run() {
    Random random = new Random(seed);
    int pages = file.capacity() / PAGE;
    while (true) {
      long end = System.nanoTime() + ROUND_NANOS;
      for (int i = 0; i < READS_PER_ROUND; i++) {
        sink = file.get(random.nextInt(pages) * PAGE);
      }
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
