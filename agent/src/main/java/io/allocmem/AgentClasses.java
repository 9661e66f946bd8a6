package io.allocmem;

import io.allocmem.plan.AreaKind;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Loads the classes that the threads of a plan need from the first block to the last. No class can
 * be loaded once the heap is full. Classes that only the attach thread needs are loaded at their
 * first use, which is before the first block.
 */
final class AgentClasses {
  private static final String OURS = "io/allocmem/";

  /** Packages of the plan's thread and of its log. */
  private static final Set<String> PACKAGES =
      new HashSet<>(Arrays.asList("allocator", "control", "pages", "plan", "readings"));

  /** Classes in these packages for the attach thread, for launchers or for JMX alone. */
  private static final Set<String> ELSEWHERE =
      new HashSet<>(
          Arrays.asList(
              "allocator/HugeCount",
              "allocator/Worker",
              "control/ArmedFile",
              "control/ArmedLayout",
              "control/ArmedRequest",
              "control/ArmedStatus",
              "control/ByteLock",
              "control/ChannelLock",
              "control/InnerCommands",
              "control/Leftover",
              "control/Printable",
              "pages/BufferCleaner",
              "pages/FileLocks",
              "pages/FileWatch",
              "pages/LockedMemory",
              "pages/Mapping",
              "pages/NoPages",
              "plan/HugePages",
              "plan/LockLimit",
              "plan/PagesRefusal",
              "plan/Rate",
              "readings/ForeignTexts",
              "readings/HugeMappings",
              "readings/KernelLines",
              "readings/OpenFiles",
              "readings/OwnOptions",
              "readings/SharedLimit",
              "readings/UserThreads"));

  private AgentClasses() {}

  /**
   * Loads the classes for plans in this area, in the attach thread, one at a time. The jar may be
   * gone after the first call: our loader keeps the jar open.
   */
  @SuppressWarnings("unchecked") // AgentLoader, a class of another loader
  static void load(AreaKind area) throws ReflectiveOperationException {
    ClassLoader loader = AgentClasses.class.getClassLoader();
    for (String name : (Iterable<String>) loader) {
      if (isNeeded(name, area)) {
        String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
        load(type, loader);
      }
    }
  }

  /**
   * Returns whether a plan's thread may need the class. Classes for another Java release do not
   * count: the JVM loads the right class by its plain name, or needs none.
   */
  private static boolean isNeeded(String entry, AreaKind area) {
    if (!entry.startsWith(OURS) || !entry.endsWith(".class") || entry.endsWith("-info.class")) {
      return false;
    }
    String name = entry.substring(OURS.length(), entry.length() - ".class".length());
    int inner = name.indexOf('$');
    String outer = inner < 0 ? name : name.substring(0, inner);
    if (outer.startsWith("area/")) {
      return outer.equals(areaClass(area)); // loads superclasses as well
    }
    return PACKAGES.contains(outer.substring(0, Math.max(0, outer.indexOf('/'))))
        && !ELSEWHERE.contains(outer);
  }

  /** Returns the class of an area: {@code area/HeapArea}. */
  private static String areaClass(AreaKind area) {
    String name = area.toString();
    return "area/" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Area";
  }

  private static void load(String type, ClassLoader loader) throws ClassNotFoundException {
    try {
      Class.forName(type, true, loader);
    } catch (NoClassDefFoundError withoutManagement) {
      return; // jlink runtime without java.management: dependent code copes or reports
    }
  }

  /** Returns the version of the agent. */
  static String version() {
    return String.valueOf(AgentClasses.class.getPackage().getImplementationVersion());
  }

  /** Returns the jar of this class. */
  static File jar() {
    try {
      URL source = AgentClasses.class.getProtectionDomain().getCodeSource().getLocation();
      return new File(source.toURI()).getAbsoluteFile();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e); // the loader has its URL from a file
    }
  }
}
