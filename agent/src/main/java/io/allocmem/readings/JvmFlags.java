package io.allocmem.readings;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.allocmem.options.FatalAgents;
import io.allocmem.plan.Preflight;
import java.util.Collections;
import java.util.List;

/** Current flags of this JVM; some flags can change while the JVM runs. Allocates. */
public final class JvmFlags {
  /** Bean of the flags, looked up once: the lookup allocates more than a query. */
  private static final HotSpotDiagnosticMXBean JVM = bean();

  /** Only diagnostic flag of {@code Preflight.FATAL_FLAGS}; JDK 8 has the flag in debug builds. */
  private static final String DIAGNOSTIC = "AbortVMOnException";

  private JvmFlags() {}

  private static HotSpotDiagnosticMXBean bean() {
    try {
      return ManagementBeans.flags();
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

  /** Returns the flag or agent that makes an OutOfMemoryError fatal to this JVM; null for none. */
  public static String fatalOnOutOfMemory() {
    String flag = fatalFlag();
    String agent = flag == null ? FatalAgents.here() : null;
    return agent == null ? flag : "the agent " + agent;
  }

  private static String fatalFlag() {
    for (String flag : Preflight.FATAL_FLAGS) {
      String option = isLocked(flag) ? null : Preflight.fatalOption(flag, value(flag));
      if (option != null) {
        return option;
      }
    }
    return null;
  }

  /**
   * Returns true for a diagnostic flag that nobody can set here. For such a flag the bean throws an
   * exception with a text, and the text loads 15 classes.
   */
  private static boolean isLocked(String flag) {
    return areCurrent() && flag.equals(DIAGNOSTIC) && !isOn("UnlockDiagnosticVMOptions");
  }

  static boolean isOn(String flag) {
    return is(flag, "true");
  }

  static boolean is(String flag, String value) {
    return value(flag).equals(value);
  }

  /** Returns the number of a flag; zero if the flag does not exist. */
  static long number(String flag) {
    if (JVM == null) { // an option may have a unit; the JVM reports plain numbers
      return Math.max(0, OwnOptions.atStart().size("-XX:" + flag + "="));
    }
    String value = value(flag);
    return value.isEmpty() ? 0 : Long.parseLong(value);
  }

  /** Returns the sources of options that are unknown because reading failed; null for none. */
  public static String unread() {
    List<String> unread =
        areCurrent() ? Collections.<String>emptyList() : OwnOptions.atStart().unread();
    return unread.isEmpty() ? null : unread.toString();
  }

  /**
   * Returns the value of a flag; empty if the flag does not exist or is unknown. Without the bean,
   * a value that the JVM chose by itself is unknown.
   */
  private static String value(String flag) {
    if (JVM == null) {
      return OwnOptions.atStart().flag(flag);
    }
    try {
      return JVM.getVMOption(flag).getValue();
    } catch (IllegalArgumentException none) {
      return "";
    }
  }
}
