package io.allocmem.status;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.allocmem.plan.Preflight;
import java.lang.management.ManagementFactory;

/** The flags of this JVM as they are now; some can change while it runs. Allocates. */
public final class JvmFlags {
  private JvmFlags() {}

  /** The flag by which an OutOfMemoryError is fatal to this JVM; null when there is none. */
  public static String fatalOnOutOfMemory() {
    for (String flag : Preflight.FATAL_FLAGS) {
      if (isOn(flag)) {
        return "-XX:+" + flag;
      }
    }
    return value("OnOutOfMemoryError").isEmpty() ? null : "-XX:OnOutOfMemoryError";
  }

  static boolean isOn(String flag) {
    return value(flag).equals("true");
  }

  /** Zero when there is no such flag. */
  static long number(String flag) {
    String value = value(flag);
    return value.isEmpty() ? 0 : Long.parseLong(value);
  }

  /** Empty when there is no such flag, or nobody to ask: a runtime without jdk.management. */
  private static String value(String flag) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(flag)
          .getValue();
    } catch (IllegalArgumentException | NullPointerException | NoClassDefFoundError none) {
      return "";
    }
  }
}
