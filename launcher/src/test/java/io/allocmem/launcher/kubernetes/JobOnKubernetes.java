package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.ServiceImage;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Job of example 06: its exit code is the verdict, and its loss releases the memory. */
class JobOnKubernetes {
  private static final Path EXAMPLE = Path.of("../examples/06-kubernetes");

  private static Kubernetes cluster;

  @BeforeAll
  static void openTheCluster() throws IOException {
    cluster = Kubernetes.open("job");
    Path kubectl = Path.of(cluster.kubectl().get(0)).resolveSibling("bin/kubectl");
    assumeTrue(Files.exists(kubectl), "the kubectl of the cluster, for a Job: " + kubectl);
    cluster.apply(Files.readString(EXAMPLE.resolve("plugin-rights.yaml")));
    String access = cluster.run("config", "view", "--raw").done();
    Cli.of(
            cluster.kubectl(
                "create", "secret", "generic", "access", "--from-file=config=/dev/stdin"),
            access)
        .done();
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theExitCodeOfTheJobIsTheVerdict() throws Exception {
    startService("held", "-Xmx128m", "400Mi");
    startService("short", "-Xmx24m", "400Mi");
    startService("ended", "-Xmx128m", "400Mi");
    startService("killed", "-Xmx128m", "160Mi");
    cluster.awaitReady("held", "short", "ended", "killed");
    String time = Patience.seconds(3) + "s"; // longer than the way from the plan to the first look
    startJob("held", "-x", "20", "--hold", "-d", time);
    startJob("short", "-x", "100", "--hold", "-d", time);
    startJob("ended", "-x", "20", "-a", "native", "--hold", "-d", "5m");
    startJob("killed", "-x", "1000", "-a", "native", "--hold", "-d", "5m");
    awaitHeld("ended");
    cluster.run("exec", "ended", "-c", "app", "--", "kill", "-TERM", "1").done();
    assertThat(verdict("held")).isEqualTo("0");
    assertThat(verdict("short")).isEqualTo("3");
    assertThat(verdict("ended")).isEqualTo("4");
    assertThat(verdict("killed")).isEqualTo("5");
  }

  /** Each loss ends the sign of life that the plugin in the Job sends to the pods. */
  @Test
  void aJobThatIsLostReleasesTheMemory() throws Exception {
    List<String> lost = List.of("deleted", "murdered", "frozen");
    for (String name : lost) {
      startService(name, "-Xmx128m", "400Mi");
    }
    cluster.awaitReady(lost.toArray(String[]::new));
    for (String name : lost) {
      startJob(name, "-x", "20", "-a", "native", "--hold", "-d", "10m");
    }
    for (String name : lost) {
      awaitHeld(name);
    }
    signal("STOP", "frozen");
    signal("KILL", "murdered");
    cluster
        .run(
            "delete",
            "pod",
            "-l",
            "job-name=deleted",
            "--force",
            "--grace-period=0",
            "--wait=false")
        .done();
    cluster.run("delete", "job", "deleted", "--wait=false").done();
    for (String name : lost) {
      awaitReleased(name);
    }
    signal("CONT", "frozen");
  }

  private static void startService(String name, String heap, String limit) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {case: %s}}
        spec:
          terminationGracePeriodSeconds: 0
          restartPolicy: Never
          securityContext: {runAsUser: 1000, runAsGroup: 1000}
          containers:
          - name: app
            image: %s
            stdin: true
            env: [{name: JAVA_TOOL_OPTIONS, value: %s -XX:+UseSerialGC}]
            resources: {limits: {memory: %s}}
        """
            .formatted(name, name, cluster.image(ServiceImage.SHELL), heap, limit));
  }

  /** Starts the Job of the example with another name, selection and plan. */
  private static void startJob(String name, String... plan) throws IOException {
    String kubectl = Path.of(cluster.kubectl().get(0)).resolveSibling("bin/kubectl").toString();
    String job = Files.readString(EXAMPLE.resolve("job.yaml"));
    String words = "'" + String.join("', '", plan) + "'";
    job =
        job.replace("\n  name: allocmem\n", "\n  name: " + name + "\n")
            .replaceFirst(
                "(?s)args:.*?\n          env:\n",
                "args: [--namespace=%s, --selector=case=%s, --image=%s, --image-pull-policy=Never, --, attach, -n, %s, %s]\n          env:\n            - {name: KUBECONFIG, value: /access/config}\n"
                    .formatted(cluster.namespace(), name, cluster.image(), name, words))
            .replaceAll("image: registry.k8s.io/kubectl:\\S+", "image: " + cluster.image())
            .replace(
                "            - { name: tools, mountPath: /tools }\n",
                "            - { name: tools, mountPath: /tools }\n            - { name: access, mountPath: /access }\n            - { name: kubectl, mountPath: /usr/local/bin/kubectl }\n")
            .replace(
                "        - name: tools\n",
                "        - { name: access, secret: { secretName: access } }\n        - { name: kubectl, hostPath: { path: %s } }\n        - name: tools\n"
                    .formatted(kubectl));
    cluster.apply(job);
  }

  private static String verdict(String job) {
    return Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(90)))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                cluster
                    .run(
                        "get",
                        "pods",
                        "-l",
                        "job-name=" + job,
                        "-o",
                        "jsonpath={.items[*].status.containerStatuses[0].state.terminated.exitCode}")
                    .done(),
            code -> !code.isEmpty());
  }

  private static void awaitHeld(String name) {
    cluster.await("plan " + name + ": HOLDING", "logs", "job/" + name, "-c", "allocmem");
  }

  /** The plan is over as soon as its control file is gone. */
  private static void awaitReleased(String name) {
    Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(90)))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> cluster.run("exec", name, "-c", "app", "--", "ls", "-R", "/tmp").done(),
            files -> !files.contains(name));
  }

  /** Sends a signal to all processes of a Job, from outside of its pod. */
  private static void signal(String signal, String job) throws Exception {
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      List<String> words = new LinuxProcess(process.pid()).commandLine();
      if (words.contains("--selector=case=" + job)
          || words.containsAll(List.of("exec", job, "--namespace=" + cluster.namespace()))) {
        Signal.send(signal, process.pid());
      }
    }
  }
}
