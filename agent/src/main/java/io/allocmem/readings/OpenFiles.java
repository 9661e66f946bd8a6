package io.allocmem.readings;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** Number of open descriptors of this process, by the JVM's own count, which allocates nothing. */
final class OpenFiles {
  private OpenFiles() {}

  /** Returns the count; null if the runtime does not count descriptors. */
  static Figure counted() {
    try {
      OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
      return system instanceof UnixOperatingSystemMXBean
          ? counted((UnixOperatingSystemMXBean) system)
          : null;
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  private static Figure counted(final UnixOperatingSystemMXBean system) {
    return new Figure() {
      @Override
      long read() {
        try {
          return system.getOpenFileDescriptorCount();
        } catch (InternalError noneLeftToCountWith) {
          return Long.MAX_VALUE >> 1;
        }
      }
    };
  }
}
