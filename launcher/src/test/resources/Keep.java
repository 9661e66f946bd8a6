/** What an application keeps: arrays that no collection frees. */
class Keep {
  private static final int PIECE = 4096;
  private static Object[] kept;

  private Keep() {}

  /** Keeps so many KiB more, and lets the JVM collect all else. */
  static String more(int kib) {
    for (int left = kib << 10; left >= PIECE; left -= PIECE) {
      kept = new Object[] {kept, new byte[PIECE - 48]};
    }
    System.gc();
    return "kept";
  }
}
