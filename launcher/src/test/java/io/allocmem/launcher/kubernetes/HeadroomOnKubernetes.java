package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.ServiceImage;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Headroom in a pod whose limit the agent does not see: a second container fills its own limit, and
 * the launcher runs in an ephemeral container, which counts but raises no limit.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HeadroomOnKubernetes {
  private static final int ROUNDS = 20;

  private static Kubernetes cluster;

  @BeforeAll
  static void startThePod() {
    cluster = Kubernetes.open("headroom");
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: shop}
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 0
          securityContext: {runAsUser: 1000, runAsGroup: 1000}
          containers:
          - name: app
            image: %1$s
            stdin: true
            resources: {limits: {memory: 256Mi}}
          - name: sibling
            image: %1$s
            command: [sleep, "100000"]
            volumeMounts: [{name: memory, mountPath: /memory}]
            resources: {limits: {memory: 128Mi}}
          volumes: [{name: memory, emptyDir: {medium: Memory}}]
        """
            .formatted(cluster.image(ServiceImage.SHELL)));
    cluster.awaitReady("shop");
    cluster
        .run(
            "debug",
            "shop",
            "-c",
            "allocmem",
            "--image=" + cluster.image(),
            "--target=app",
            "--",
            "sleep",
            "100000")
        .done();
    cluster.await(
        "startedAt", "get", "pod", "shop", "-o", "jsonpath={.status.ephemeralContainerStatuses}");
  }

  @AfterAll
  static void removeThePod() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void keepFreeHoldsWhileTheSiblingGrowsAndTheLauncherCounts() {
    for (int round = 0; round < ROUNDS; round++) {
      boolean grownBefore = round % 2 == 0;
      if (grownBefore) {
        growSibling();
      }
      String attached = allocmem("attach 1 -a native -m 2 -x 0 --keep-free 5%").done();
      assertThat(attached).contains("stays free in the container besides: ");
      allocmem("wait 1 --for GUARDED --timeout 60s").done();
      if (!grownBefore) {
        growSibling();
      }
      assertThat(allocmem("status 1").done()).contains("GUARDED").contains("256 MiB");
      assertThat(allocmem("release 1").done()).contains("released ");
      in("sibling", "sh", "-c", "busybox rm /memory/file").done();
    }
    assertThat(states()).contains("running").doesNotContain("terminated");
  }

  /** Control run: with almost no reserve, the next command has the JVM of the same pod killed. */
  @Test
  @Order(2)
  void withoutTheReserveTheLauncherHasTheJvmKilled() {
    growSibling();
    allocmem("attach 1 -a native -m 2 -x 0 --keep-free 5% --reserve 1m");
    Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .until(
            () -> {
              allocmem("status 1");
              return cluster
                  .run("get", "pod", "shop", "-o", "jsonpath={.status.containerStatuses}")
                  .out()
                  .contains("OOMKilled");
            });
  }

  private static void growSibling() {
    in("sibling", "sh", "-c", "busybox head -c 122m /dev/zero >/memory/file").done();
  }

  private static Cli allocmem(String words) {
    Object[] command = ("allocmem " + words).split(" ");
    return in("allocmem", command);
  }

  private static Cli in(String container, Object... command) {
    Object[] words = new Object[command.length + 5];
    Object[] exec = {"exec", "shop", "-c", container, "--"};
    System.arraycopy(exec, 0, words, 0, exec.length);
    System.arraycopy(command, 0, words, exec.length, command.length);
    return cluster.run(words);
  }

  private static String states() {
    return cluster
        .run("get", "pod", "shop", "-o", "jsonpath={.status.containerStatuses[*].state}")
        .done();
  }
}
