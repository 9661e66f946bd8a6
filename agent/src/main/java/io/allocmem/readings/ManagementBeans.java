package io.allocmem.readings;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;

/**
 * Management beans of this JVM. A NoClassDefFoundError shows a runtime without management, as
 * {@code jlink} can make. The twin in {@code META-INF/java/11} has the same methods, and newer JDKs
 * load the twin.
 */
final class ManagementBeans {
  /** Class of JDK 8 that loads the native library of {@link #FLAGS}. */
  private static final String LIBRARY = "sun.management.ManagementFactoryHelper";

  private static final String FLAGS = "sun.management.HotSpotDiagnostic";

  private ManagementBeans() {}

  /** Returns the beans of the collectors. */
  static List<GarbageCollectorMXBean> collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans();
  }

  /** Returns the beans of the memory pools. */
  static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans();
  }

  /** Returns the bean of the JVM's flags. The public factory needs 17 classes more to find it. */
  static HotSpotDiagnosticMXBean flags() {
    try {
      Class.forName(LIBRARY);
      return Class.forName(FLAGS)
          .asSubclass(HotSpotDiagnosticMXBean.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError notJava8) {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    }
  }
}
