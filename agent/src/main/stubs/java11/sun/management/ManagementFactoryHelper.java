package sun.management;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.util.Collections;
import java.util.List;

/** Declares what the agent calls of a class inside the JDK, for the compiler alone. */
public class ManagementFactoryHelper {
  private ManagementFactoryHelper() {}

  public static List<GarbageCollectorMXBean> getGarbageCollectorMXBeans() {
    return Collections.emptyList();
  }

  public static List<MemoryPoolMXBean> getMemoryPoolMXBeans() {
    return Collections.emptyList();
  }
}
