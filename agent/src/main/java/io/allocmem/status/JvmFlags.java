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
    for (String flag : Preflight.FATAL_VALUES) {
      if (Preflight.isFatal(flag, value(flag))) {
        return "-XX:" + flag;
      }
    }
    return null;
  }

  static boolean isOn(String flag) {
    return value(flag).equals("true");
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
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).getVMOption("UseTLAB");
      return null;
    } catch (IllegalArgumentException known) {
      return null;
    } catch (NullPointerException | NoClassDefFoundError withoutManagement) {
      return OwnOptions.unread().isEmpty() ? null : OwnOptions.unread().toString();
    }
  }

  /** Empty when there is no such flag, or it is not known. */
  private static String value(String flag) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(flag)
          .getValue();
    } catch (IllegalArgumentException none) {
      return "";
    } catch (NullPointerException | NoClassDefFoundError withoutManagement) {
      return given(flag); // a runtime that jlink made, without jdk.management
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
