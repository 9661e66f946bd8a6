package io.allocmem.readings;

import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import java.io.Closeable;
import java.io.IOException;

/**
 * What this process says of itself, read without allocating. {@link Reading#UNKNOWN} where a
 * platform does not say it. One thread.
 */
public final class ProcessReadings implements Closeable {
  private final int pageSize;
  private final KernelFile statm =
      KernelFile.openOrNull("/proc/self/statm", new byte[KernelFile.PIECE]);
  private final HeapReadings heap = new HeapReadings();
  private final ContainerReadings container = new ContainerReadings();
  private KernelLimits limits;

  /**
   * Opens what is read later.
   *
   * @param pageSize bytes a page
   */
  public ProcessReadings(int pageSize) {
    this.pageSize = pageSize;
  }

  /** The heap's figures. */
  public HeapReadings heap() {
    return heap;
  }

  /** The container's figures, or the machine's. */
  public ContainerReadings container() {
    return container;
  }

  /** What the kernel limits beside memory, for a plan in that area. Allocates the first time. */
  public KernelLimits limits(AreaKind area) {
    limits = limits == null ? new KernelLimits(area, pageSize) : limits;
    return limits;
  }

  /** Resident set size in bytes: the second figure of {@code /proc/self/statm}, see proc(5). */
  public long rss() {
    return statm == null ? Reading.UNKNOWN : Figure.times(statm.word(1), pageSize);
  }

  @Override
  public void close() throws IOException {
    container.close();
    if (limits != null) {
      limits.close();
    }
    if (statm != null) {
      statm.close();
    }
  }
}
