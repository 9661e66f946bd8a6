package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.Closeable;
import java.util.List;

/**
 * What pressure costs the process: the part of collections in its CPU time, the time that threads
 * of the container waited for memory (PSI, psi.rst of the kernel), page faults that waited for a
 * disk, throttled time, swapped memory. Reading allocates nothing. One thread.
 */
public final class EffectReadings implements Closeable {
  /** Whole of the shares, which are thousandths. */
  private static final long WHOLE = 1000;

  private static final long NANOS_OF_MILLI = 1_000_000;
  private static final long NANOS_OF_MICRO = 1000;
  private static final long MICROS_OF_MILLI = 1000;
  private static final long KIB = 1024;

  /** Least CPU time of the process for a share: the kernel counts steps of 10 ms. */
  private static final long LEAST_CPU_MILLIS = 100;

  private static final int GC_MILLIS = 0;
  private static final int CPU_MILLIS = 1;
  private static final int PRESSURE_MICROS = 2;
  private static final int PAUSE_MILLIS = 3;
  private static final byte[] SWAP = KernelFile.name("VmSwap");

  private final ProcessStat stat;
  private final PressureFile pressure;
  private final ThrottledTime throttled;
  private final KernelFile status;
  private final Window window = new Window(4);
  private final int processors = Runtime.getRuntime().availableProcessors();
  private long pressureMicros;

  /** Null unless a plan asked for stalls. */
  private StallProbe stalls;

  /** Opens the files of this process. */
  EffectReadings() {
    byte[] buffer = new byte[KernelFile.PIECE];
    List<String> groups = ContainerReadings.groups(Cgroups.SELF);
    this.stat = new ProcessStat(KernelFile.openOrNull("/proc/self/stat", buffer));
    this.pressure = PressureFile.of(groups, buffer);
    Cgroups cpu = Cgroups.of(Cgroups.SELF, Cgroups.SELF, "cpu");
    this.throttled = ThrottledTime.of(cpu.directories, cpu.second, buffer);
    this.status = KernelFile.openOrNull("/proc/self/status", buffer);
  }

  /**
   * Reads all figures.
   *
   * @param gcMillis CPU time of the collector, {@link Reading#UNKNOWN} if not known
   * @param pauseMillis time that collections stopped the application, likewise
   */
  public void read(long nanoTime, long gcMillis, long pauseMillis) {
    stat.read();
    pressureMicros = pressure.totalMicros();
    window.set(GC_MILLIS, gcMillis);
    window.set(CPU_MILLIS, stat.cpuMillis());
    window.set(PRESSURE_MICROS, pressureMicros);
    window.set(PAUSE_MILLIS, pauseMillis);
    window.keep(nanoTime);
  }

  /** Starts the probe of stalls: a thread, until {@link #close}. */
  public void measureStalls() {
    stalls = new StallProbe();
    stalls.start();
  }

  /** Returns the probe of stalls; null before {@link #measureStalls}. */
  public StallProbe stalls() {
    return stalls;
  }

  /** Returns the CPU time of the process, in milliseconds. */
  public long cpuMillis() {
    return stat.cpuMillis();
  }

  /**
   * Returns the part of collections in the CPU time of the process, in thousandths; unknown for a
   * process that is nearly idle.
   */
  public long gcOfProcess(int seconds) {
    long gc = window.increase(GC_MILLIS, seconds);
    long all = window.increase(CPU_MILLIS, seconds);
    return gc == Reading.UNKNOWN || all < LEAST_CPU_MILLIS
        ? Reading.UNKNOWN
        : Math.min(WHOLE, gc * WHOLE / all);
  }

  /** Returns the part of collections in the time of all processors, in thousandths. */
  public long gcOfProcessors(int seconds) {
    return ofTime(GC_MILLIS, NANOS_OF_MILLI, seconds, processors);
  }

  /** Returns the part of the time in which collections stopped the application, in thousandths. */
  public long pause(int seconds) {
    return ofTime(PAUSE_MILLIS, NANOS_OF_MILLI, seconds, 1);
  }

  /** Returns the part of the time in which some thread waited for memory, in thousandths. */
  public long pressure(int seconds) {
    return ofTime(PRESSURE_MICROS, NANOS_OF_MICRO, seconds, 1);
  }

  /** Returns the part of a counter of times in the time of so many processors, in thousandths. */
  private long ofTime(int counter, long nanosOfUnit, int seconds, int times) {
    long increase = window.increase(counter, seconds);
    return increase == Reading.UNKNOWN
        ? increase
        : Math.min(WHOLE, increase * nanosOfUnit * WHOLE / (window.nanos(seconds) * times));
  }

  /** Returns the time in which some thread of the container waited for memory, in milliseconds. */
  public long pressureMillis() {
    return pressureMicros == Reading.UNKNOWN ? pressureMicros : pressureMicros / MICROS_OF_MILLI;
  }

  /** Returns the page faults of the process that waited for a disk. */
  public long majorFaults() {
    return stat.majorFaults();
  }

  /** Returns the time in which the container had no processor by its limit, in milliseconds. */
  public long throttledMillis() {
    return throttled.millis();
  }

  /** Returns the swapped memory of the process in bytes. */
  public long swap() {
    return status == null ? Reading.UNKNOWN : Figure.times(status.field(SWAP), KIB);
  }

  @Override
  public void close() {
    if (stalls != null) {
      stalls.end();
    }
    stat.close();
    pressure.close();
    throttled.close();
    KernelFile.closeQuietly(status);
  }
}
