package io.allocmem.launcher.process;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * JVMs of one user and group that exist here, and whose files are closed to the launcher. Root
 * without rights lists such JVMs by their threads, other users see nothing but a number. JVMs of
 * other pid namespaces do not count: nothing of such a JVM is visible.
 *
 * @param contained true if the launcher runs in a container
 */
public record UnseenJvms(int uid, int gid, int count, boolean contained) {
  /** Time limit for all processes together: only the kernel is asked, which answers at once. */
  private static final long LOOK_MILLIS = 500;

  /** User and group, ordered by number. */
  private record Ids(int uid, int gid) implements Comparable<Ids> {
    @Override
    public int compareTo(Ids other) {
      int order = Integer.compareUnsigned(uid, other.uid);
      return order == 0 ? Integer.compareUnsigned(gid, other.gid) : order;
    }
  }

  /**
   * Returns the JVMs among these processes. A process without an answer in time does not count.
   *
   * @param closed processes with mappings that are closed to the launcher
   */
  static List<UnseenJvms> among(List<LinuxProcess> closed) {
    if (closed.isEmpty()) {
      return List.of();
    }
    boolean contained = isContained();
    Map<Ids, Long> counts =
        TimeLimit.each(LOOK_MILLIS, closed, UnseenJvms::idsIfJvm, late -> null).stream()
            .filter(Objects::nonNull)
            .collect(Collectors.groupingBy(ids -> ids, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(
            one ->
                new UnseenJvms(
                    one.getKey().uid, one.getKey().gid, one.getValue().intValue(), contained))
        .toList();
  }

  private static boolean isContained() {
    LinuxProcess self = LinuxProcess.self();
    return !LinuxProcess.seesAll() || !ContainerNames.of(self).isNone();
  }

  /** Returns user and group; null for a process that is no JVM. */
  private static Ids idsIfJvm(LinuxProcess process) {
    try {
      return Couriers.isJvm(process.pid()) ? new Ids(process.uid(), process.gid()) : null;
    } catch (IOException ended) {
      return null;
    }
  }

  /** Returns the number of JVMs, and the users that see the JVMs. */
  public String toHuman() {
    LinuxProcess self = LinuxProcess.self();
    boolean isRoot = self.uid() == 0;
    String root = contained || isRoot ? "as root with CAP_SYS_PTRACE" : "as root";
    boolean own = uid == self.uid() && gid == self.gid();
    return "%d %s of %s cannot be %s: run allocmem %s"
        .formatted(
            count,
            count == 1 ? "JVM" : "JVMs",
            owner(),
            isRoot ? "read" : "seen",
            own ? root : "as that user and group, or " + root);
  }

  /** Names the user outside containers only: users of a container have no names here. */
  private String owner() {
    String ids = Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
    String name = Users.nameOf(uid);
    boolean named = !contained && !name.equals(Integer.toUnsignedString(uid));
    return named ? "%s (uid:gid %s)".formatted(name, ids) : "uid:gid " + ids;
  }
}
