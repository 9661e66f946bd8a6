package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.ServiceImage;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pods that Argo, Litmus and Chaos Mesh make of the files of example 07, in a real cluster
 * without these engines.
 */
class EnginesOnKubernetes {
  /** Names of the pods of this run: the pods of the node include pods of other namespaces. */
  private static final String SHOP = "shop" + ProcessHandle.current().pid();

  private static Kubernetes cluster;

  @BeforeAll
  static void startTheShop() {
    cluster = Kubernetes.open("engines");
    for (String name : new String[] {SHOP + "-1", SHOP + "-2", "other"}) {
      cluster.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: %s}
          spec:
            securityContext: {runAsUser: 1000, runAsGroup: 1000}
            containers: [{name: app, image: %s, stdin: true}]
          """
              .formatted(name, cluster.image(ServiceImage.SHELL)));
    }
    cluster.awaitReady(SHOP + "-1", SHOP + "-2", "other");
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WorkflowTemplate", "ChaosExperiment"})
  void thePodOfTheEngineHoldsAndReleasesBothPodsOfTheShop(String kind) throws IOException {
    String name = kind.toLowerCase(Locale.ROOT);
    String hold = Patience.seconds(4) + "s"; // longer than the way from the plan to the first look
    cluster.apply(
        pod(kind, name)
            .replace("{{workflow.parameters.match}}", "pod=" + SHOP + "-*")
            .replace("pod=shop-*", "pod=" + SHOP + "-*")
            .replace("{{workflow.parameters.node}}", cluster.node())
            .replace("{{workflow.parameters.amount}}", "20")
            .replace("\"50%\"", "\"20\"")
            .replace("{{workflow.parameters.hold}}", hold)
            .replace("\"5m\"", "\"" + hold + "\""));
    String end = ended(name);
    String log = cluster.run("logs", name).out();
    assertThat(end).as(log).isEqualTo("Succeeded 0");
    assertThat(log).contains("chaos: HOLDING 20 MiB", "DONE").doesNotContain("FAILED");
  }

  @Test
  void theTaskOfChaosMeshTakesMemoryAndEnds() throws IOException {
    cluster.apply(
        pod("Workflow", "task")
            .replace("\"1g\"", "\"64\"")
            .replace("\"2m\"", "\"1s\"")
            .replace("\"5m\"", "\"2s\""));
    assertThat(ended("task")).isEqualTo("Succeeded 0");
  }

  private static String ended(String pod) {
    String words =
        "jsonpath={.status.phase} {.status.containerStatuses[0].state.terminated.exitCode}";
    cluster.await("d ", "get", "pod", pod, "-o", words);
    return cluster.run("get", "pod", pod, "-o", words).out();
  }

  /** Returns the pod as JSON. */
  private static String pod(String kind, String name) throws IOException {
    for (Manifest manifest : Manifest.all()) {
      for (Manifest pod : EnginePods.of(manifest)) {
        if (manifest.type().endsWith("/" + kind)) {
          Manifest.fields(pod.at("spec")).put("restartPolicy", "Never");
          return JSON.std
              .asString(pod.object())
              .replace("\"name\":\"pod\"", "\"name\":\"" + name + "\"");
        }
      }
    }
    throw new AssertionError(kind);
  }
}
