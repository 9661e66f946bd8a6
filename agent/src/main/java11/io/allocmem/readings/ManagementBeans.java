package io.allocmem.readings;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.internal.HotSpotDiagnostic;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;
import sun.management.ManagementFactoryHelper;

/**
 * Management beans of this JVM, by the JDK's own factories, which {@code ManagementInternals}
 * opens. The public factories return the same beans, but load hundreds of classes to find them. If
 * the factories are not open, or in a later JDK not there, the public factories answer. A
 * NoClassDefFoundError of the public factories shows a runtime without management, as {@code jlink}
 * can make.
 */
final class ManagementBeans {
  /** Class of the JDK that loads the native library of {@link HotSpotDiagnostic}. */
  private static final String LIBRARY = "com.sun.management.internal.PlatformMBeanProviderImpl";

  private ManagementBeans() {}

  /** Returns the beans of the collectors. */
  static List<GarbageCollectorMXBean> collectors() {
    try {
      return ManagementFactoryHelper.getGarbageCollectorMXBeans();
    } catch (LinkageError notOpen) {
      return ManagementFactory.getGarbageCollectorMXBeans();
    }
  }

  /** Returns the beans of the memory pools. */
  static List<MemoryPoolMXBean> pools() {
    try {
      return ManagementFactoryHelper.getMemoryPoolMXBeans();
    } catch (LinkageError notOpen) {
      return ManagementFactory.getMemoryPoolMXBeans();
    }
  }

  /** Returns the bean of the JVM's flags. */
  static HotSpotDiagnosticMXBean flags() {
    try {
      Class.forName(LIBRARY);
      HotSpotDiagnostic flags = new HotSpotDiagnostic();
      flags.getVMOption("UseG1GC"); // fails if the library is not loaded
      return flags;
    } catch (ClassNotFoundException | IllegalArgumentException | LinkageError notOpen) {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    }
  }
}
