package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.util.Yaml;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests of the examples fit the Java model of a current Kubernetes: fields, types and
 * quantities. {@link ManifestModelsIT} has the second model, with enumerations.
 */
class ManifestsTest {
  /**
   * Kinds that no API server of Kubernetes itself knows. The pods of the engines are checked as
   * pods, and the fields around the pods by {@link EngineFieldsTest}; kustomize and krew read their
   * files themselves.
   */
  private static final Set<String> OTHERS =
      Set.of(
          "argoproj.io/v1alpha1/WorkflowTemplate",
          "chaos-mesh.org/v1alpha1/Workflow",
          "litmuschaos.io/v1alpha1/ChaosExperiment",
          "litmuschaos.io/v1alpha1/ChaosEngine",
          "kustomize.config.k8s.io/v1beta1/Kustomization",
          "kustomize.config.k8s.io/v1alpha1/Component",
          "krew.googlecontainertools.github.com/v1alpha2/Plugin");

  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: pressure
      spec:
        template:
          spec:
            restartPolicy: Never
            containers:
              - name: allocmem
                image: localhost/allocmem:0.1.0
                resources:
                  limits:
                    memory: 256Mi
      """;

  @BeforeAll
  static void silenceTheLog() {
    System.setProperty("slf4j.internal.verbosity", "ERROR");
  }

  static Stream<Manifest> manifests() throws IOException {
    return Manifest.all().stream();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void eachManifestFitsTheModelOfKubernetes(Manifest manifest) throws IOException {
    if (manifest.isOfKubernetes()) {
      assertThat(Yaml.load(manifest.yaml())).isNotNull();
    } else {
      assertThat(manifest.isContainer() || OTHERS.contains(manifest.type()))
          .as("a kind without a model: check it by its own rules")
          .isTrue();
      for (Manifest pod : EnginePods.of(manifest)) {
        assertThat(Yaml.load(pod.yaml())).isNotNull();
      }
    }
  }

  /** A part of a container, and a patch of kustomize, are no whole objects. */
  @Test
  void aPartOfAContainerIsCheckedInAPod() throws IOException {
    String part = "securityContext: {runAsUser: 0, capabilities: {add: [SYS_PTRACE]}}";
    for (Manifest pod : EnginePods.of(Manifest.of("part.yaml", part).get(0))) {
      assertThat(Yaml.load(pod.yaml())).isNotNull();
    }
    Manifest wrong = Manifest.of("part.yaml", part.replace("runAsUser", "runAs")).get(0);
    Manifest pod = EnginePods.of(wrong).get(0);
    assertThatThrownBy(() -> Yaml.load(pod.yaml())).isInstanceOf(Exception.class);
  }

  @Test
  void theIntactManifestFits() throws IOException {
    assertThat(Yaml.load(JOB)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restartPolicy: > restartPolcy:",
        "memory: 256Mi > memory: 256MiB",
        "kind: Job > kind: Jop",
        "apiVersion: batch/v1 > apiVersion: batch/v1beta7",
        "image: > imagePullPolicy: Never\\n        imagee:",
        "limits: > limit:"
      })
  void aWrongFieldTypeOrQuantityIsFound(String change) {
    String[] words = change.split(" > ");
    String wrong = JOB.replace(words[0], words[1]);
    assertThat(wrong).isNotEqualTo(JOB);
    assertThatThrownBy(() -> Yaml.load(wrong)).isInstanceOf(Exception.class);
  }
}
