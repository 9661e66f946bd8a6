package io.allocmem.launcher;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Commands that put a target into namespaces, a root directory or a user of its own, as containers
 * and services do. All mounts are the target's own and go with it.
 */
final class Inside {
  /** The user nobody, whose number every system knows. */
  static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private static final List<String> NAMESPACES =
      List.of("unshare", "--mount", "--pid", "--fork", "--kill-child");

  /** The test's classes lie in the old /tmp: the new one gets a copy. */
  private static final String OWN_TMP =
      "cd %1$s && mount -t tmpfs tmpfs /tmp && mkdir -p %1$s && cp -r . %1$s && cd / && chmod -R a+rX %1$s"
          .formatted(Target.CLASSES);

  private static final String ROOT =
      """
      D=/mnt; mount -t tmpfs tmpfs $D; chmod 755 $D; mkdir $D/tmp $D/classes; cp -r %s/. $D/classes
      for d in usr etc opt proc dev; do mkdir $D/$d; mount --rbind /$d $D/$d; done
      for d in bin lib lib64; do
        if [ -L /$d ]; then cp -P /$d $D/; else mkdir $D/$d; mount --rbind /$d $D/$d; fi
      done
      """
          .formatted(Target.CLASSES);

  private Inside() {}

  /** As systemd's PrivateTmp, or two containers of one pod. */
  static List<String> privateTmp() {
    return shell(List.of("unshare", "--mount"), OWN_TMP);
  }

  /** A {@code /tmp} that has all there is, and that nobody can write to there. */
  static List<String> readOnlyTmp() {
    return shell(
        List.of("unshare", "--mount"), "mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp");
  }

  /** With a mount whose name has a byte that is no UTF-8. */
  static List<String> oddMount() {
    return shell(
        List.of("unshare", "--mount"),
        "mount -t tmpfs tmpfs /mnt; d=$(printf '/mnt/caf\\351'); mkdir \"$d\"; mount --bind /mnt \"$d\"");
  }

  /** A mount and a pid namespace: where the JVM is process 1. */
  static List<String> container() {
    return shell(NAMESPACES, "mount -t proc proc /proc && " + OWN_TMP);
  }

  /** A container whose {@code /tmp} is that directory, which others can have as well. */
  static List<String> containerWithTmp(Path directory) {
    String sharedTmp = "cp -r %s %s && mount --bind %2$s /tmp".formatted(Target.CLASSES, directory);
    return shell(NAMESPACES, "mount -t proc proc /proc && " + sharedTmp);
  }

  /** The same in a user namespace of nobody's: root there, and nobody here. */
  static List<String> userContainer() {
    List<String> command = new ArrayList<>(NOBODY);
    command.addAll(NAMESPACES);
    command.addAll(List.of("--user", "--map-root-user"));
    return shell(command, "mount -t proc proc /proc && " + OWN_TMP);
  }

  /** The same in a user namespace of root's, whose users have other numbers here: as engines do. */
  static List<String> mappedContainer() {
    String map =
        """
        unshare --user sleep 5 </dev/null >/dev/null 2>&1 & h=$!
        until ns=$(readlink /proc/$h/ns/user) && [ "$ns" != "$(readlink /proc/$$/ns/user)" ]; do :; done
        echo 0 100000 65536 > /proc/$h/uid_map; echo 0 100000 65536 > /proc/$h/gid_map
        set -- nsenter --user --target $h --setuid 0 --setgid 0 "$@\"""";
    List<String> command = shell(List.of(), map);
    command.addAll(container());
    return command;
  }

  /** A container whose processes are nobody's. */
  static List<String> nobodysContainer() {
    List<String> command = new ArrayList<>(container());
    command.addAll(NOBODY);
    return command;
  }

  /** A root directory of its own, with all that a JVM needs, and no more in its /tmp. */
  static List<String> chroot() {
    return chroot("chmod 1777 $D/tmp");
  }

  /** The same, after that command. */
  static List<String> chroot(String last) {
    List<String> command = shell(List.of("unshare", "--mount"), ROOT + last);
    command.addAll(List.of("chroot", "/mnt"));
    return command;
  }

  private static List<String> shell(List<String> by, String script) {
    List<String> command = new ArrayList<>(by);
    command.addAll(List.of("sh", "-ec", script + "\nexec \"$@\"", "sh"));
    return command;
  }

  /** Skips the test where such a target cannot be made, as with a JDK that others cannot read. */
  static void assume(List<String> command, Jdk jdk) {
    assumeRuns(command, jdk.java(), "-version");
    if (command.containsAll(NOBODY)) {
      assumeJarsAreReadable(NOBODY);
    }
  }

  /** Another user's JVM loads what was built here: not where this checkout is in a closed home. */
  static void assumeJarsAreReadable(List<String> asUser) {
    String both = "test -r " + Cli.JAR + " && test -r " + Target.AGENT;
    assumeRuns(asUser, "sh", "-c", both);
  }

  private static void assumeRuns(List<String> command, String... words) {
    try {
      List<String> trial = new ArrayList<>(command);
      trial.addAll(List.of(words));
      Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
      boolean done = process.waitFor(10, TimeUnit.SECONDS);
      process.toHandle().destroyForcibly(); // Process's own would close its output here
      String said = new String(process.getInputStream().readAllBytes());
      assumeThat(done && process.exitValue() == 0)
          .as("such a target cannot be made here: %s: %s", command, said)
          .isTrue();
    } catch (IOException | InterruptedException e) {
      assumeThat(e).as("such a target cannot be made here: %s", command).isNull();
    }
  }
}
