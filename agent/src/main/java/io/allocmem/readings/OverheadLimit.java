package io.allocmem.readings;

/**
 * GC overhead limit of G1 (JDK-8212084). If five collections in a row take 98 % of the time
 * (GCTimeLimit) and leave less than 2 % of the heap free (GCHeapFreeLimit), G1 throws an
 * OutOfMemoryError in the thread that allocates: usually a thread of the application. Any thread.
 * The constructor allocates.
 */
public final class OverheadLimit {
  /** First release of which each version enforces the limit. */
  private static final int ALL = 26;

  /** Share of the heap beyond the limit. G1 counts whole free regions, a plan counts live bytes. */
  private static final int SLACK_SHARE = 64;

  /** Regions beyond the limit, for heaps with few regions. */
  private static final int SLACK_REGIONS = 4;

  private final long percent;
  private final long region;

  OverheadLimit() {
    boolean enforced =
        isEnforcedByG1(System.getProperty("java.version"))
            && JvmFlags.isOn("UseG1GC")
            && !JvmFlags.is("UseGCOverheadLimit", "false");
    percent = enforced ? JvmFlags.number("GCHeapFreeLimit") : 0;
    region = enforced ? JvmFlags.number("G1HeapRegionSize") : 0;
  }

  /**
   * Returns whether G1 of this version enforces the limit. Backports: 21.0.12 and 25.0.3.
   *
   * @param version value of {@code java.version}
   */
  public static boolean isEnforcedByG1(String version) {
    int feature = part(version, 0);
    int update = part(version, 2);
    return feature >= ALL || feature == 25 && update >= 3 || feature == 21 && update >= 12;
  }

  /** Returns a number of a version, by position; 0 if missing. */
  private static int part(String version, int position) {
    int number = 0;
    int dots = 0;
    for (int at = 0; at < version.length() && dots <= position; at++) {
      char letter = version.charAt(at);
      if (letter == '.') {
        dots++;
      } else if (letter < '0' || letter > '9') {
        return dots == position ? number : 0;
      } else if (dots == position && number < 1000) {
        number = 10 * number + letter - '0';
      }
    }
    return number;
  }

  /**
   * Returns the bytes of a heap below which G1 may throw the error; 0 where G1 does not enforce the
   * limit.
   */
  public long bytesOf(long heap) {
    return bytesOf(heap, percent);
  }

  /** Returns the bytes beyond {@link #bytesOf} that a plan leaves free as well. */
  public long slackOf(long heap) {
    return slackOf(heap, region);
  }

  /**
   * Returns the bytes of any heap below which G1 may throw the error.
   *
   * @param percent value of GCHeapFreeLimit
   */
  public static long bytesOf(long heap, long percent) {
    return heap / 100 * percent;
  }

  /**
   * Returns the bytes beyond {@link #bytesOf(long, long)} that a plan leaves free as well.
   *
   * @param region region size of G1
   */
  public static long slackOf(long heap, long region) {
    return Math.max(heap / SLACK_SHARE, SLACK_REGIONS * region);
  }
}
