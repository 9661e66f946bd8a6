import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reference of the benchmarks: how fast a JVM allocates arrays. Usage: BareLoop COUNT BYTES
 * THREADS; prints nanoseconds.
 */
public final class BareLoop {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private BareLoop() {}

  /** Allocates COUNT arrays of BYTES with so many threads, and keeps all. */
  public static void main(String[] words) throws InterruptedException {
    int[][] blocks = new int[Integer.parseInt(words[0])][];
    int length = (Integer.parseInt(words[1]) - 16) / 4;
    Thread[] others = new Thread[Integer.parseInt(words[2]) - 1];
    long start = System.nanoTime();
    for (int i = 0; i < others.length; i++) {
      others[i] = new Thread(() -> allocate(blocks, length));
      others[i].start();
    }
    allocate(blocks, length);
    for (Thread other : others) {
      other.join();
    }
    System.out.println(System.nanoTime() - start);
    if (blocks[blocks.length - 1].length != length) {
      throw new AssertionError();
    }
  }

  private static void allocate(int[][] blocks, int length) {
    for (int i = NEXT.getAndIncrement(); i < blocks.length; i = NEXT.getAndIncrement()) {
      blocks[i] = new int[length];
    }
  }
}
