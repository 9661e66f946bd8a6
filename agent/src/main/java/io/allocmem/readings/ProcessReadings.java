package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;

/**
 * Figures of this process, read without allocating. A figure is {@link Reading#UNKNOWN} if the
 * platform does not report the figure. One thread.
 */
public final class ProcessReadings implements Closeable {
  private static final byte[] LOCKED = KernelFile.name("VmLck");
  private static final long KIB = 1024;

  private final int pageSize;
  private final KernelFile statm =
      KernelFile.openOrNull("/proc/self/statm", new byte[KernelFile.PIECE]);
  private final HeapReadings heap;
  private final ContainerReadings container = new ContainerReadings();
  private final CollectorThreads collectors;
  private final EffectReadings effect = new EffectReadings();
  private KernelLimits limits;
  private HugeMappings hugeMappings;
  private KernelFile status;

  /**
   * Opens the files of later readings, for a plan in this area.
   *
   * @param pageSize bytes per page
   */
  public ProcessReadings(int pageSize, AreaKind area) {
    this.pageSize = pageSize;
    heap = new HeapReadings(area.isOnHeap());
    collectors = new CollectorThreads(new File("/proc/self/task"), heap.activity());
  }

  /** Returns the figures of the heap. */
  public HeapReadings heap() {
    return heap;
  }

  /** Returns the figures of the container, or of the machine. */
  public ContainerReadings container() {
    return container;
  }

  /** Returns the kernel limits beside memory, for a plan in this area. Allocates the first time. */
  public KernelLimits limits(AreaKind area) {
    limits = limits == null ? new KernelLimits(area, pageSize) : limits;
    return limits;
  }

  /**
   * Returns the resident set in bytes: the second figure of {@code /proc/self/statm}, see proc(5).
   */
  public long rss() {
    return statm == null ? Reading.UNKNOWN : Figure.times(statm.word(1), pageSize);
  }

  /** Returns the mappings with huge pages. Allocates the first time. */
  public HugeMappings hugeMappings() {
    hugeMappings = hugeMappings == null ? new HugeMappings("/proc/self/smaps") : hugeMappings;
    return hugeMappings;
  }

  /** Opens the file of {@link #locked}: few plans need the figure. */
  public void openLocked() {
    status = KernelFile.openOrNull("/proc/self/status", new byte[KernelFile.PIECE]);
  }

  /** Returns the locked memory of the process in bytes; unknown before {@link #openLocked}. */
  public long locked() {
    return status == null ? Reading.UNKNOWN : Figure.times(status.field(LOCKED), KIB);
  }

  /** Returns the figures of what pressure costs. */
  public EffectReadings effect() {
    return effect;
  }

  /** Returns the CPU time in milliseconds of the collector's threads since the JVM started. */
  public long gcCpuMillis() {
    return collectors.millis(heap.activity());
  }

  /**
   * Returns the part of {@link #gcCpuMillis} that no window of time may show, in milliseconds: time
   * of threads before a late search found them.
   */
  public long lateGcCpuMillis() {
    return collectors.lateMillis();
  }

  @Override
  public void close() throws IOException {
    container.close();
    collectors.close();
    effect.close();
    if (limits != null) {
      limits.close();
    }
    if (hugeMappings != null) {
      hugeMappings.close();
    }
    KernelFile.closeQuietly(status);
    KernelFile.closeQuietly(statm);
  }
}
