/** Live set of an application: arrays that no collection frees. */
class Keep {
  private static final int PIECE = 1024;
  private static final int LARGE = 60 << 10;
  private static final int NEAR = 6 << 10;
  private static final int MANY = 100;
  private static Object[] kept;

  private Keep() {}

  /** Keeps arrays until a collection leaves {@code kib} KiB free, by the JVM's own count. */
  static String leaving(int kib) {
    long more = freed() - ((long) kib << 10);
    for (int round = 0; more > NEAR && round < MANY; round++) {
      int piece = more > 10 * LARGE ? LARGE : PIECE;
      for (long left = more / 2; left > 0; left -= piece) {
        kept = new Object[] {kept, new byte[piece - 48]};
      }
      more = freed() - ((long) kib << 10);
    }
    return String.valueOf(freed());
  }

  private static long freed() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }
}
