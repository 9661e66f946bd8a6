package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.ServiceImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The DaemonSet of the example reaches the JVMs of all pods of the node. */
class NodeOnKubernetes {
  private static final Path EXAMPLE = Path.of("../examples/06-kubernetes");
  private static final String RIGHTS =
      "add: [SYS_PTRACE, DAC_READ_SEARCH, SETUID, SETGID, SYS_CHROOT]";
  private static final String ALL = "runAsUser: 0, capabilities: {drop: [ALL], " + RIGHTS + "}";

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: %s}
      spec:
        automountServiceAccountToken: false
        hostNetwork: %s
        containers: [{name: %s, image: %s, stdin: true, securityContext: {%s}}]
      """;

  private static final String AGENT =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: %s}
      spec:
        automountServiceAccountToken: false
        hostPID: %s
        containers:
        - {name: allocmem, image: "allocmem:test", command: [/bin/sleep, "3600"], securityContext: {%s}}
      """;

  private static Kubernetes cluster;

  @BeforeAll
  static void startThePods() throws IOException {
    cluster = Kubernetes.open("node");
    String image = cluster.image(ServiceImage.SHELL);
    String bank = "runAsUser: 1000, runAsGroup: 1000";
    cluster.apply(POD.formatted("bank", false, "ledger", image, bank));
    cluster.apply(POD.formatted("shop", false, "cart", image, "runAsUser: 2000, runAsGroup: 3000"));
    cluster.apply(POD.formatted("admin", false, "app", image, "runAsUser: 0"));
    cluster.apply(POD.formatted("proxy", true, "edge", image, bank));
    cluster.apply(Files.readString(EXAMPLE.resolve("node.yaml")));
    cluster.apply(AGENT.formatted("none", true, "runAsUser: 0, capabilities: {drop: [ALL]}"));
    cluster.apply(AGENT.formatted("no-chroot", true, ALL.replace(", SYS_CHROOT", "")));
    cluster.apply(AGENT.formatted("no-tracing", true, ALL.replace("SYS_PTRACE, ", "")));
    cluster.apply(AGENT.formatted("one-user", true, "runAsUser: 2000, runAsGroup: 3000"));
    cluster.apply(AGENT.formatted("own-pids", false, ALL));
    cluster.awaitReady(
        "bank",
        "shop",
        "admin",
        "proxy",
        "none",
        "no-chroot",
        "no-tracing",
        "one-user",
        "own-pids");
    cluster.await(
        "1 1 1",
        "get",
        "daemonset",
        "allocmem-node",
        "-o",
        "jsonpath={.status.desiredNumberScheduled} {.status.numberReady} {.status.numberAvailable}");
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theDaemonSetListsTheJvmsByPodAndContainer() throws IOException {
    awaitList(
        "daemonset/allocmem-node",
        " 1000:1000 .* bank +ledger +TargetApplication",
        " 2000:3000 .* shop +cart +TargetApplication",
        " 0:0 .* admin +app +TargetApplication",
        " 1000:1000 .* " + uidOf("proxy") + " +edge +TargetApplication");
    assertThat(onNode("list").done()).doesNotContain("cannot be");
    assertThat(jvm("shop"))
        .containsEntry("podName", "shop")
        .containsEntry("podUid", uidOf("shop"))
        .containsEntry("container", "cart")
        .containsEntry("uid", 2000)
        .containsEntry("gid", 3000);
    assertThat(jvm("proxy")).containsEntry("podName", null).containsEntry("container", "edge");
  }

  @ParameterizedTest
  @CsvSource({"shop", "admin"})
  void theDaemonSetAttachesAsTheUserOfThePodAndReleases(String pod) throws IOException {
    Object pid = jvm(pod).get("pid");
    assertThat(onNode("attach", pid, "-x", "20", "-a", "native", "--wait").done())
        .contains("HOLDING, 20 blocks, 20 MiB");
    cluster.await(
        "default: HOLDING 20 MiB", "exec", "daemonset/allocmem-node", "--", "allocmem", "list");
    assertThat(onNode("release", pid).done()).contains("released 20 MiB");
    assertThat(
            cluster
                .run(
                    "get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].restartCount}")
                .done())
        .isEqualTo("0");
  }

  /** The pattern names the pod of another user; the JVMs of the other pods stay as they are. */
  @Test
  void theDaemonSetAttachesToThePodsThatMatch() {
    String attached =
        onNode(
                "attach",
                "--match",
                "pod=bank",
                "--match",
                "user=1000",
                "--at-most",
                "1",
                "-x",
                "10",
                "-n",
                "matched",
                "-a",
                "native",
                "--wait")
            .done();
    assertThat(attached).containsPattern("bank +TargetApplication +DONE +matched: HOLDING 10 MiB");
    assertThat(onNode("list").done().lines().filter(line -> line.contains("matched:"))).hasSize(1);
    assertThat(onNode("release", "--match", "pod=bank", "-n", "matched").done())
        .contains("matched: RELEASED 10 MiB");
  }

  @Test
  void rootWithoutRightsNamesTheJvmsAndReadsNothing() throws IOException {
    awaitList(
        "none",
        " 2000:3000 +\\? +" + uidOf("shop") + " +cart ",
        "^1 JVM of uid:gid 2000:3000 cannot be read: run allocmem as that user and group, or as root with CAP_SYS_PTRACE$");
    assertThat(in("none", "attach", jvm("shop").get("pid"), "-x", "1").out())
        .contains(
            "(uid:gid 2000:3000) cannot be reached from here (uid:gid 0:0, no right to trace it)");
  }

  @Test
  void withoutSysChrootAnAttachNamesTheCapability() throws IOException {
    awaitList("no-chroot", " shop +cart +TargetApplication");
    assertThat(in("no-chroot", "attach", jvm("shop").get("pid"), "-x", "1").out())
        .contains(
            "belongs to user 2000, and this root has no CAP_SYS_CHROOT to become that user; add the capability");
  }

  /** Root with fewer capabilities than the JVM may not read the JVM. */
  @Test
  void withoutTracingAJvmOfRootIsClosedAndAnotherUsersIsNot() throws IOException {
    assertThat(in("no-tracing", "attach", jvm("admin").get("pid"), "-x", "1").out())
        .contains("(uid:gid 0:0) cannot be reached from here (uid:gid 0:0, no right to trace it)");
    Object pid = jvm("shop").get("pid");
    in("no-tracing", "attach", pid, "-x", "1", "-n", "one", "-a", "native", "--wait").done();
    assertThat(in("no-tracing", "release", pid, "-n", "one").done()).contains("released 1 MiB");
  }

  @Test
  void aUserSeesTheOwnJvmsAndTheNumberOfTheOthers() throws IOException {
    awaitList(
        "one-user",
        " 2000:3000 .* shop +cart +TargetApplication",
        "^\\d+ JVMs of uid:gid 1000:1000 cannot be seen: run allocmem as that user and group, or as root with CAP_SYS_PTRACE$");
    assertThat(in("one-user", "list").done()).doesNotContain("uid:gid 2000:3000 cannot");
    assertThat(in("one-user", "attach", jvm("bank").get("pid"), "-x", "1").out())
        .contains("belongs to user 1000, you are 2000; run it as that user");
  }

  @Test
  void aPodWithoutHostPidSeesNothingAndSaysNothingFalse() {
    assertThat(in("own-pids", "list").done()).doesNotContain("shop", "cannot be");
  }

  @Test
  void theRightsOfTheUsersAreAccepted() throws IOException {
    String access = Files.readString(EXAMPLE.resolve("node-access.yaml"));
    List<String> command = cluster.kubectl("apply", "--dry-run=server", "-f", "-");
    command.subList(1, 3).clear(); // the manifest names the namespace
    assertThat(Cli.of(command, access.replace("allocmem\n", cluster.namespace() + "\n")).done())
        .contains("role.rbac.authorization.k8s.io/allocmem-node created")
        .contains("rolebinding.rbac.authorization.k8s.io/allocmem-node created");
  }

  /** On a busy node, a list of bounded time shows question marks for late processes. */
  private static void awaitList(String pod, String... lines) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              String out = in(pod, "list").done();
              for (String line : lines) {
                assertThat(out).containsPattern("(?m)" + line);
              }
            });
  }

  private static Cli onNode(Object... words) {
    return in("daemonset/allocmem-node", words);
  }

  private static Cli in(String pod, Object... words) {
    List<Object> all = new ArrayList<>(List.of("exec", pod, "--", "allocmem"));
    all.addAll(List.of(words));
    return cluster.run(all.toArray());
  }

  /** Returns the JVM of that pod in the JSON of the list. */
  private static Map<Object, Object> jvm(String pod) throws IOException {
    String uid = uidOf(pod);
    return JSON.std.listFrom(onNode("list", "--json").done()).stream()
        .map(jvm -> new HashMap<Object, Object>((Map<?, ?>) jvm))
        .filter(jvm -> uid.equals(jvm.get("podUid")))
        .findFirst()
        .orElseThrow();
  }

  private static String uidOf(String pod) {
    return cluster.run("get", "pod", pod, "-o", "jsonpath={.metadata.uid}").done();
  }
}
