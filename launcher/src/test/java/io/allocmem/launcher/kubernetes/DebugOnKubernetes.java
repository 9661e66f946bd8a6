package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.ServiceImage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Attach from an ephemeral container, by {@code kubectl debug}. */
class DebugOnKubernetes {
  private static Kubernetes cluster;

  @BeforeAll
  static void startThePods() {
    cluster = Kubernetes.open("debug");
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: same-user}
        spec:
          securityContext: {runAsUser: 1000, runAsGroup: 1000}
          containers: [{name: app, image: %s, stdin: true}]
        """
            .formatted(cluster.image(ServiceImage.SHELL)));
    cluster.awaitReady("same-user");
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void anAttachAsTheUserOfThePodHoldsAndReleases() {
    cluster
        .run(
            "debug",
            "same-user",
            "-c",
            "one",
            "--image=" + cluster.image(),
            "--target=app",
            "--",
            "allocmem",
            "attach",
            "1",
            "-x",
            "20",
            "-a",
            "native",
            "--wait")
        .done();
    assertThat(cluster.await("20 blocks", "logs", "same-user", "-c", "one"))
        .contains("plan default in JVM 1");
  }
}
