package io.allocmem.launcher.process;

import java.util.Optional;

/**
 * Remedies that depend on the place of the launcher. In a pod of Kubernetes neither {@code sudo}
 * nor {@code mount} is at hand; options of {@code kubectl debug} and the pod's manifest are.
 */
public final class Remedy {
  /** Kubernetes sets the variable in each container of a pod. */
  private static final boolean IN_POD = System.getenv("KUBERNETES_SERVICE_HOST") != null;

  private Remedy() {}

  /** Returns the way to run a command as the user and group of the process. */
  public static String asUserOf(LinuxProcess target) {
    if (IN_POD) {
      return "securityContext: {runAsUser: %s, runAsGroup: %s} (kubectl debug --custom=FILE)"
          .formatted(
              Integer.toUnsignedString(target.uid()), Integer.toUnsignedString(target.gid()));
    }
    String user = target.user();
    return "sudo -u %s allocmem …".formatted(user.matches("\\d+") ? "'#" + user + "'" : user);
  }

  /** Returns the way to reach the files of the process. */
  static String toReach(LinuxProcess target) {
    return IN_POD
        ? "run it as that user: "
            + asUserOf(target)
            + "; or as root with SYS_PTRACE (kubectl debug --profile=sysadmin)"
        : "run allocmem as root with CAP_SYS_PTRACE, or inside its container";
  }

  /** Returns the way to give a container a writable {@code /tmp}. */
  public static String forTemporary(String outsidePods) {
    return IN_POD ? "mount a volume there (emptyDir)" : outsidePods;
  }

  /** Returns the way to see the JVM, if only processes of the launcher's container are visible. */
  public static String toSeeJvms() {
    return ofOwnContainer().orElse("allocmem list shows the JVMs");
  }

  /** Returns the way to see JVMs of another container; empty for a launcher outside containers. */
  public static Optional<String> ofOwnContainer() {
    if (IN_POD) {
      return Optional.of("kubectl debug needs --target=CONTAINER, the container of the JVM");
    }
    return ProcessHandle.current().pid() == 1
        ? Optional.of("podman and docker need --pid=container:NAME, the container of the JVM")
        : Optional.empty();
  }
}
