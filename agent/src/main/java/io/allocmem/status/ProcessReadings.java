package io.allocmem.status;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process says of itself, read without allocating. {@link #UNKNOWN} where a platform does
 * not say it. One thread.
 */
public final class ProcessReadings implements Closeable {
  /** Not measured here. */
  public static final long UNKNOWN = -1;

  private final int pageSize;
  private final byte[] text = new byte[256];
  private final RandomAccessFile statm;
  private final GarbageCollectorMXBean[] collectors;

  /**
   * Opens what is read later.
   *
   * @param pageSize bytes a page
   */
  public ProcessReadings(int pageSize) {
    this.pageSize = pageSize;
    this.statm = openStatm();
    this.collectors = collectors();
  }

  private static GarbageCollectorMXBean[] collectors() {
    try {
      return ManagementFactory.getGarbageCollectorMXBeans().toArray(new GarbageCollectorMXBean[0]);
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  private static RandomAccessFile openStatm() {
    try {
      return new RandomAccessFile("/proc/self/statm", "r");
    } catch (IOException noLinux) {
      return null;
    }
  }

  /** Resident set size in bytes: the second figure of {@code /proc/self/statm}, see proc(5). */
  public long rss() {
    if (statm == null) {
      return UNKNOWN;
    }
    try {
      statm.seek(0);
      int length = statm.read(text);
      int at = 0;
      while (at < length && text[at] != ' ') {
        at++;
      }
      long pages = 0;
      for (at++; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
        pages = pages * 10 + text[at] - '0';
      }
      return pages * pageSize;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Heap used in bytes, garbage included. */
  public long heapUsed() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The most that the heap can become, in bytes. */
  public long heapMax() {
    return Runtime.getRuntime().maxMemory();
  }

  /** Collections of all collectors since the JVM started. */
  public long collections() {
    if (collectors == null) {
      return UNKNOWN;
    }
    long sum = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      sum += Math.max(0, collector.getCollectionCount());
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    if (statm != null) {
      statm.close();
    }
  }
}
