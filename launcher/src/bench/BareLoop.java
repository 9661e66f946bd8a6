/**
 * Reference of the benchmarks: how fast a JVM allocates arrays. Usage: BareLoop COUNT BYTES; prints
 * nanoseconds.
 */
public final class BareLoop {
  private BareLoop() {}

  /** Allocates COUNT arrays of BYTES, and keeps all. */
  public static void main(String[] words) {
    int[][] blocks = new int[Integer.parseInt(words[0])][];
    int length = (Integer.parseInt(words[1]) - 16) / 4;
    long start = System.nanoTime();
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new int[length];
    }
    System.out.println(System.nanoTime() - start);
    if (blocks[blocks.length - 1].length != length) {
      throw new AssertionError();
    }
  }
}
