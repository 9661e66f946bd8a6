package io.allocmem.readings;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.allocmem.plan.Preflight;
import java.lang.management.ManagementFactory;

/** The flags of this JVM as they are now; some can change while it runs. Allocates. */
public final class JvmFlags {
  /** Asked for once: to find it allocates more than to ask it. */
  private static final HotSpotDiagnosticMXBean JVM = bean();

  private JvmFlags() {}

  private static HotSpotDiagnosticMXBean bean() {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  /** Whether flags are known as they are now, and not only as they were given. */
  static boolean areCurrent() {
    return JVM != null;
  }

  /** The flag by which an OutOfMemoryError is fatal to this JVM; null when there is none. */
  public static String fatalOnOutOfMemory() {
    for (String flag : Preflight.FATAL_FLAGS) {
      if (isOn(flag)) {
        return "-XX:+" + flag;
      }
    }
    for (String flag : Preflight.FATAL_VALUES) {
      if (Preflight.isFatal(flag, value(flag))) {
        return "-XX:" + flag;
      }
    }
    return null;
  }

  static boolean isOn(String flag) {
    return is(flag, "true");
  }

  static boolean is(String flag, String value) {
    return value(flag).equals(value);
  }

  /** Zero when there is no such flag. */
  static long number(String flag) {
    String value = value(flag);
    return value.isEmpty() ? 0 : bytes(value);
  }

  /** The JVM says a plain number, an option may have a unit. */
  private static long bytes(String value) {
    int last = value.length() - 1;
    int power = "kmgt".indexOf(Character.toLowerCase(value.charAt(last))) + 1;
    return Long.parseLong(power == 0 ? value : value.substring(0, last)) << 10 * power;
  }

  /** Sources of options that are not known, since they cannot be read; null for none. */
  public static String unread() {
    return areCurrent() || OwnOptions.unread().isEmpty() ? null : OwnOptions.unread().toString();
  }

  /** Empty when there is no such flag, or it is not known. */
  private static String value(String flag) {
    if (JVM == null) {
      return given(flag);
    }
    try {
      return JVM.getVMOption(flag).getValue();
    } catch (IllegalArgumentException none) {
      return "";
    }
  }

  /** As the options say, the last word counting; not what the JVM chose by itself. */
  private static String given(String flag) {
    String value = "";
    for (String option : OwnOptions.all()) {
      if (option.equals("-XX:+" + flag) || option.equals("-XX:-" + flag)) {
        value = String.valueOf(option.charAt(4) == '+');
      } else if (option.startsWith("-XX:" + flag + "=")) {
        value = option.substring(option.indexOf('=') + 1);
      }
    }
    return value;
  }
}
