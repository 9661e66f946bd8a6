package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the container and the pod of a process, read from {@code /proc} alone. A text is empty
 * if the text is unknown, or if the process is in no container.
 *
 * <p>The ids come from the kernel: the path of the control group. The names come from mounts and
 * from the environment of the process. A container may forge both names, so a name is a label and
 * no proof of identity.
 *
 * @param podName host name of the pod, equal to the pod's name unless the pod sets {@code
 *     hostname}; empty for a pod in the network of the node
 * @param podUid uid of the pod
 * @param containerName name of the container in the specification of the pod
 * @param containerId id of the container runtime
 */
public record ContainerNames(
    String podName, String podUid, String containerName, String containerId) {
  /** No container. */
  public static final ContainerNames NONE = new ContainerNames("", "", "", "");

  private static final int LONGEST_MOUNTS = 1 << 20;

  /** Length of a container id in the tables of docker, podman and crictl. */
  private static final int SHORT_ID = 12;

  /** Uid of a pod, or the checksum of a static pod's manifest. */
  private static final String UID =
      "[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32}";

  /** Control group of a pod: drivers cgroupfs and systemd. */
  private static final Pattern POD = Pattern.compile("(?:.*-)?pod(" + UID + ")(?:\\.slice)?");

  /** Control group of a container; the form with a number is of AWS Fargate. */
  private static final Pattern CONTAINER =
      Pattern.compile("(?:[a-z][a-z-]*-)?([0-9a-f]{64}|[0-9a-f]{32}-[0-9]{6,12})(?:\\.scope)?");

  private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";

  /** Source of the mount that kubelet makes for the termination message of each container. */
  private static final Pattern MOUNT =
      Pattern.compile(
          "(?:.*/)?pods/(" + UID + ")/containers/(" + LABEL + ")/[0-9a-f]+(?://deleted)?");

  private static final Pattern HOST_NAME =
      Pattern.compile("(?=.{1,253}$)" + LABEL + "(?:\\." + LABEL + ")*");

  /** First line of {@code /etc/hosts} that kubelet writes for a pod in the network of the node. */
  private static final String HOST_NETWORK = "# Kubernetes-managed hosts file (host network)";

  /** Returns the names for that process. */
  static ContainerNames of(LinuxProcess process) {
    ContainerNames names = ofKernel(process);
    return names.podUid.isEmpty() ? names : names.withPodName(podName(process));
  }

  /**
   * Returns the names without the pod's name: files of the process itself may be closed, or may not
   * answer.
   */
  static ContainerNames ofKernel(LinuxProcess process) {
    String groups = process.read("cgroup", ForeignFiles.TEXT);
    ContainerNames ids = inCgroup(groups);
    boolean mayBeInPod = ids.known() > 0 || isHidden(groups);
    return mayBeInPod ? ids.withMounts(process.read("mountinfo", LONGEST_MOUNTS)) : ids;
  }

  /** Returns the ids in the text of {@code /proc/PID/cgroup} (cgroups(7)). */
  static ContainerNames inCgroup(String text) {
    return text.lines()
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3)
        .map(fields -> inPath(fields[2]))
        .reduce(NONE, (best, next) -> next.known() > best.known() ? next : best);
  }

  /** Reads the innermost pod and container: a node of kind is a container itself. */
  private static ContainerNames inPath(String path) {
    ContainerNames found = NONE;
    for (String group : path.split("[/:]")) {
      Matcher pod = POD.matcher(group);
      Matcher container = CONTAINER.matcher(group);
      if (pod.matches()) {
        found = new ContainerNames("", pod.group(1).replace('_', '-'), "", "");
      } else if (container.matches()) {
        found = new ContainerNames("", found.podUid, "", container.group(1));
      }
    }
    return found;
  }

  private int known() {
    return (podUid.isEmpty() ? 0 : 2) + (containerId.isEmpty() ? 0 : 1);
  }

  /**
   * Returns true if a control group namespace hides the path above the namespace: the path is
   * {@code /}, or begins with {@code /..}.
   */
  private static boolean isHidden(String groups) {
    return groups.lines().anyMatch(line -> line.equals("0::/") || line.contains(":/.."));
  }

  /**
   * Returns these names with the container's name from {@code /proc/PID/mountinfo}. A mount of
   * another pod does not count.
   */
  ContainerNames withMounts(String mountinfo) {
    return mountinfo
        .lines()
        .map(line -> line.split(" ", 5))
        .filter(words -> words.length == 5)
        .map(words -> MOUNT.matcher(words[3]))
        .filter(Matcher::matches)
        .filter(mount -> podUid.isEmpty() || podUid.equals(mount.group(1)))
        .map(mount -> new ContainerNames(podName, mount.group(1), mount.group(2), containerId))
        .findFirst()
        .orElse(this);
  }

  private ContainerNames withPodName(String name) {
    return new ContainerNames(name, podUid, containerName, containerId);
  }

  private static String podName(LinuxProcess process) {
    if (fileOf(process, "etc/hosts").startsWith(HOST_NETWORK)) {
      return ""; // the host name is the name of the node
    }
    String named = hostNameIn(process.environment());
    return named.isEmpty() ? hostName(fileOf(process, "etc/hostname").strip()) : named;
  }

  /** Returns the host name in the text of {@code /proc/PID/environ}; empty without a valid name. */
  static String hostNameIn(String environment) {
    return Arrays.stream(environment.split("\0"))
        .filter(variable -> variable.startsWith("HOSTNAME="))
        .map(variable -> hostName(variable.substring("HOSTNAME=".length())))
        .findFirst()
        .orElse("");
  }

  private static String hostName(String text) {
    return HOST_NAME.matcher(text).matches() ? text : "";
  }

  private static String fileOf(LinuxProcess process, String path) {
    try {
      byte[] bytes =
          ForeignFiles.of(process.pid()).read(process.root().resolve(path), ForeignFiles.TEXT);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Returns true if the process is in no known container. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** Returns the pod for a table: the name, else the uid. */
  public String pod() {
    return podName.isEmpty() ? podUid : podName;
  }

  /** Returns the container for a table: the name, else the first characters of the id. */
  public String container() {
    return containerName.isEmpty()
        ? containerId.substring(0, Math.min(SHORT_ID, containerId.length()))
        : containerName;
  }
}
