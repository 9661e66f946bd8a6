package io.allocmem.readings;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.allocmem.plan.Preflight;
import java.lang.management.ManagementFactory;

/** Current flags of this JVM; some flags can change while the JVM runs. Allocates. */
public final class JvmFlags {
  /** Bean of the flags, looked up once: the lookup allocates more than a query. */
  private static final HotSpotDiagnosticMXBean JVM = bean();

  private JvmFlags() {}

  private static HotSpotDiagnosticMXBean bean() {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    } catch (NoClassDefFoundError withoutManagement) { // a runtime that jlink made
      return null;
    }
  }

  /**
   * Returns whether current values of the flags are known, and not only the options given at the
   * start.
   */
  static boolean areCurrent() {
    return JVM != null;
  }

  /** Returns the flag that makes an OutOfMemoryError fatal to this JVM; null for none. */
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

  /** Returns the number of a flag; zero if the flag does not exist. */
  static long number(String flag) {
    String value = value(flag);
    return value.isEmpty() ? 0 : bytes(value);
  }

  /** Parses a number: the JVM reports plain numbers, but an option may have a unit. */
  private static long bytes(String value) {
    int last = value.length() - 1;
    int power = "kmgt".indexOf(Character.toLowerCase(value.charAt(last))) + 1;
    return Long.parseLong(power == 0 ? value : value.substring(0, last)) << 10 * power;
  }

  /** Returns the sources of options that are unknown because reading failed; null for none. */
  public static String unread() {
    return areCurrent() || OwnOptions.unread().isEmpty() ? null : OwnOptions.unread().toString();
  }

  /** Returns the value of a flag; empty if the flag does not exist or is unknown. */
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

  /**
   * Returns the value by the options given at the start, where the last option counts. Values that
   * the JVM chose by itself are not known here.
   */
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
