package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of pods and containers as on a node of Kubernetes, and JVMs that a user cannot see. */
class ListIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String UID = "2c48913c-b29f-11e7-9350-020968147796";
  private static final String ID =
      "9bca8d63d5fa610783847915bcff0ecac1273e5b4bed3f6fa1b07350e0135961";

  /** Mount and files of a container, made by kubelet and the container's runtime. */
  private static final String KUBELET =
      """
      log=$DIR/pods/%s/containers/shop/c46bde50; mkdir -p ${log%%/*}; : > $log; mount --bind $log $log
      printf '%%s\\n' "$HOSTS" > $DIR/hosts; mount --bind $DIR/hosts /etc/hosts
      exec "$@"
      """
          .formatted(UID);

  @TempDir private Path directory;

  @Test
  void podAndContainerAreNamed() throws IOException {
    try (Cgroup node = Cgroup.ofMemory(1L << 30);
        Cgroup pod = below(node, "pod" + UID);
        Cgroup container = below(pod, ID);
        Target target = start(container, "# Kubernetes-managed hosts file.", "shop-7d4b9-x2x5q")) {
      assertThat(InProcess.run("list").out())
          .containsPattern("(?m)^PID +(INSIDE +)?USER +UID:GID +JDK +POD +CONTAINER +MAIN +HELD$")
          .containsPattern(
              "(?m)^%d .* 65534:65534 .* shop-7d4b9-x2x5q +shop +TargetApplication"
                  .formatted(target.pid()));
      assertThat(inJson(target))
          .containsEntry("podName", "shop-7d4b9-x2x5q")
          .containsEntry("podUid", UID)
          .containsEntry("container", "shop")
          .containsEntry("containerId", ID)
          .containsEntry("uid", 65534)
          .containsEntry("gid", 65534);
    }
  }

  @Test
  void aPodWithTheHostNameOfItsNodeIsNamedByItsUid() throws IOException {
    try (Cgroup node = Cgroup.ofMemory(1L << 30);
        Cgroup pod = below(node, "pod" + UID);
        Cgroup container = below(pod, ID);
        Target target =
            start(container, "# Kubernetes-managed hosts file (host network).", "node-1")) {
      assertThat(InProcess.run("list").out())
          .containsPattern("(?m)^%d .* %s +shop +Target".formatted(target.pid(), UID));
      assertThat(inJson(target)).containsEntry("podName", null).containsEntry("podUid", UID);
    }
  }

  /** A user without rights sees the number of foreign JVMs, and the users that see the JVMs. */
  @Test
  void jvmsOfAnotherUserAreCounted() {
    Inside.assume(Inside.NOBODY, NEWEST);
    List<String> other = List.of("setpriv", "--reuid=54323", "--regid=54324", "--clear-groups");
    try (Target one = Target.startBy(other, NEWEST);
        Target two = Target.startBy(other, NEWEST)) {
      Cli listed = Cli.runBy(Inside.NOBODY, NEWEST, Cli.JAR, "list");
      assertThat(listed.code()).isZero();
      assertThat(listed.out())
          .containsPattern(
              "(?m)^2 JVMs of uid:gid 54323:54324 cannot be seen: run allocmem as that user and group, or as root( with CAP_SYS_PTRACE)?$")
          .doesNotContainPattern("(?m)^" + one.pid() + " ")
          .doesNotContainPattern("(?m)^" + two.pid() + " ");
      assertThat(Cli.runBy(other, NEWEST, Cli.JAR, "list").out())
          .contains(one.pid() + " ", two.pid() + " ")
          .doesNotContain("54323:54324 cannot be seen");
      assertThat(InProcess.run("list").out()).doesNotContain("cannot be seen");
    }
  }

  @Test
  void theCountOfUnseenJvmsStaysOutOfTheJson() throws IOException {
    Inside.assume(Inside.NOBODY, NEWEST);
    List<String> stdout = new ArrayList<>(Inside.NOBODY);
    stdout.addAll(List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh"));
    String out = Cli.runBy(stdout, NEWEST, Cli.JAR, "list", "--json").out();
    assertThat(JSON.std.listFrom(out)).isNotNull();
  }

  private static Cgroup below(Cgroup parent, String name) throws IOException {
    return new Cgroup(Files.createDirectory(parent.directory().resolve(name)));
  }

  private Target start(Cgroup container, String hosts, String hostName) {
    List<String> command = new ArrayList<>(container.enter());
    command.addAll(List.of("env", "DIR=" + directory, "HOSTS=" + hosts, "HOSTNAME=" + hostName));
    command.addAll(List.of("unshare", "--mount", "sh", "-ec", KUBELET, "sh"));
    command.addAll(Inside.NOBODY);
    return Target.startBy(command, NEWEST);
  }

  private static Map<Object, Object> inJson(Target target) throws IOException {
    return JSON.std.listFrom(InProcess.out("list", "--json")).stream()
        .map(jvm -> (Map<?, ?>) jvm)
        .filter(jvm -> jvm.get("pid").equals((int) target.pid()))
        .findFirst()
        .map(jvm -> new HashMap<Object, Object>(jvm))
        .orElseThrow();
  }
}
