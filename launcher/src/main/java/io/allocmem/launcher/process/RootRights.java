package io.allocmem.launcher.process;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Capabilities of root in a container: a root process needs three to become another user. */
final class RootRights {
  private static final List<Capability> NEEDED =
      List.of(
          new Capability("CAP_SETUID", 7),
          new Capability("CAP_SETGID", 6),
          new Capability("CAP_SYS_CHROOT", 18)); // chroot(1), which drops all capabilities

  private static final Pattern EFFECTIVE = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{1,16})$");

  private RootRights() {}

  /** Name and number of a capability (capabilities(7)). */
  private record Capability(String name, int number) {}

  /**
   * Returns normally if this process can become the user of the target.
   *
   * @throws Failure with the names of the missing capabilities
   */
  static void require(LinuxProcess target) {
    List<String> missing = missingIn(LinuxProcess.self().read("status", ForeignFiles.TEXT));
    if (!missing.isEmpty()) {
      throw new Failure(
          "process %d belongs to user %s, and this root has no %s to become that user; add the capability, or run allocmem as that user"
              .formatted(target.pid(), target.user(), String.join(", ", missing)));
    }
  }

  /** Returns the missing capabilities by name; none if the text has no capabilities. */
  static List<String> missingIn(String status) {
    Matcher effective = EFFECTIVE.matcher(status);
    if (!effective.find()) {
      return List.of();
    }
    long set = Long.parseUnsignedLong(effective.group(1), 16);
    return NEEDED.stream()
        .filter(one -> (set & 1L << one.number) == 0)
        .map(Capability::name)
        .toList();
  }
}
