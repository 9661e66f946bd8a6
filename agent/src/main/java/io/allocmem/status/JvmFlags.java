package io.allocmem.status;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.allocmem.plan.Preflight;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

  /**
   * As the command line and the environment say it, the last word counting; a flag that the JVM
   * chose by itself is not known then, and an argument of the application's may count as a flag.
   */
  private static String given(String flag) {
    String value = "";
    for (String option : options()) {
      if (option.equals("-XX:+" + flag) || option.equals("-XX:-" + flag)) {
        value = String.valueOf(option.charAt(4) == '+');
      } else if (option.startsWith("-XX:" + flag + "=")) {
        value = option.substring(option.indexOf('=') + 1);
      }
    }
    return value;
  }

  /** In the order in which the JVM takes them. */
  private static List<String> options() {
    List<String> options = new ArrayList<>();
    addWords(System.getenv("JAVA_TOOL_OPTIONS"), options);
    addWords(System.getenv("JDK_JAVA_OPTIONS"), options);
    try {
      byte[] line = Files.readAllBytes(Paths.get("/proc/self/cmdline"));
      options.addAll(Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0")));
    } catch (IOException noLinux) {
      return options;
    }
    addWords(System.getenv("_JAVA_OPTIONS"), options);
    return options;
  }

  private static void addWords(String text, List<String> to) {
    if (text != null) {
      to.addAll(Arrays.asList(text.trim().split("\\s+")));
    }
  }
}
