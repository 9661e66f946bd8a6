package io.allocmem.readings;

/**
 * GC overhead limit of a JVM: if five collections in a row leave less than GCHeapFreeLimit (2 %) of
 * the heap free, and collections take GCTimeLimit (98 %) of the time, the collector throws an
 * OutOfMemoryError in the thread that allocates: usually a thread of the application. Parallel has
 * the limit since JDK 5, G1 by JDK-8212084. Sizes are bytes. Immutable; any thread.
 */
public final class OverheadLimit {
  /** Limit of a JVM whose collector enforces none. */
  public static final OverheadLimit NONE = new OverheadLimit(null, 0, 1, 0, 0);

  /** Default of GCHeapFreeLimit. */
  public static final long FREE_PERCENT = 2;

  /** First release of which each version enforces the limit on G1. */
  private static final int ALL = 26;

  /** Release whose G1 counts the free heap after an evacuation failure. */
  private static final int COUNTS_FAILED = 27;

  /** Share of the heap beyond the limit. G1 counts whole free regions, a plan counts live bytes. */
  private static final int SLACK_SHARE = 64;

  private static final int SLACK_SHARE_COUNTING_FAILED = 16;

  /** Regions beyond the limit, for heaps with few regions. */
  private static final int SLACK_REGIONS = 4;

  private final String collector;
  private final long percent;
  private final int slackShare;
  private final long region;
  private final long whole;

  private OverheadLimit(String collector, long percent, int slackShare, long region, long whole) {
    this.collector = collector;
    this.percent = percent;
    this.slackShare = slackShare;
    this.region = region;
    this.whole = whole;
  }

  /** Reads the flags of this JVM. Allocates. */
  static OverheadLimit ofThisJvm() {
    boolean g1 = JvmFlags.isOn("UseG1GC");
    String version = System.getProperty("java.version");
    if (g1 ? !isEnforcedByG1(version) : !JvmFlags.isOn("UseParallelGC")) {
      return NONE;
    }
    long percent =
        JvmFlags.is("UseGCOverheadLimit", "false") ? 0 : JvmFlags.number("GCHeapFreeLimit");
    return g1
        ? ofG1(version, percent, JvmFlags.number("G1HeapRegionSize"))
        : ofParallel(percent, JvmFlags.number("MaxHeapSize"));
  }

  /**
   * Returns the limit of G1.
   *
   * @param version value of {@code java.version}
   * @param percent value of GCHeapFreeLimit; 0 if UseGCOverheadLimit is off
   * @param region region size
   */
  public static OverheadLimit ofG1(String version, long percent, long region) {
    boolean failed = part(version, 0) >= COUNTS_FAILED;
    return isEnforcedByG1(version) && percent > 0
        ? new OverheadLimit(
            "G1", percent, failed ? SLACK_SHARE_COUNTING_FAILED : SLACK_SHARE, region, 0)
        : NONE;
  }

  /**
   * Returns the limit of Parallel.
   *
   * @param percent value of GCHeapFreeLimit; 0 if UseGCOverheadLimit is off
   * @param whole value of MaxHeapSize
   */
  public static OverheadLimit ofParallel(long percent, long whole) {
    return percent > 0 ? new OverheadLimit("Parallel", percent, SLACK_SHARE, 0, whole) : NONE;
  }

  /** Backports: 21.0.12 and 25.0.3. */
  static boolean isEnforcedByG1(String version) {
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

  /** Returns whether the collector enforces the limit. */
  public boolean isEnforced() {
    return percent > 0;
  }

  /** Returns the name of the collector; null if the collector enforces no limit. */
  public String collector() {
    return collector;
  }

  /** Returns the free part of a heap below which the error can come; 0 for no limit. */
  public long bytesOf(long heap) {
    return heap / 100 * percent;
  }

  /**
   * Returns the free part that a plan leaves, as a share of the heap, for people. The limit is
   * enforced.
   */
  public String floorToHuman(long heap) {
    long all = Math.max(heap, whole);
    long tenths = (floorOf(all) * 1000 + all / 2) / all;
    String share = tenths / 10 + "." + tenths % 10 + " % of the heap";
    return whole > 0 ? share + ", without the survivor spaces," : share;
  }

  /**
   * Returns the free part that a plan leaves: the limit, and some slack; 0 for no limit. On
   * Parallel, one survivor space besides. The maximum omits a survivor space, and includes another
   * one of the same size, where no block finds room.
   *
   * @param heap {@code Runtime.maxMemory} of the JVM
   */
  public long floorOf(long heap) {
    long slack = Math.max(heap / slackShare, SLACK_REGIONS * region);
    return isEnforced() ? bytesOf(heap) + slack + Math.max(0, whole - heap) : 0;
  }
}
