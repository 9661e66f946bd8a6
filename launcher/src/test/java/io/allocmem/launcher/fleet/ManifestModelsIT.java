package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The manifests of the examples fit the models of npm, generated from the specification of a
 * current Kubernetes and of Argo Workflows: types, enumerations, quantities and required fields.
 * Skipped without node, or if npm cannot get the packages.
 */
class ManifestModelsIT {
  private static final Path SOURCES = Path.of("src/test/models");
  private static final Path MODELS = Path.of("target/models");

  /** Patches of kustomize are parts of objects: required fields are missing there. */
  private static final String REQUIRED = "must have required property";

  @BeforeAll
  static void install() throws Exception {
    Files.createDirectories(MODELS);
    for (String file : List.of("package.json", "package-lock.json", "validate.mjs")) {
      Files.copy(SOURCES.resolve(file), MODELS.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    assumeThat(whyNot()).as("the models of npm cannot be had here").isEmpty();
  }

  private static String whyNot() throws InterruptedException {
    try {
      Process npm =
          new ProcessBuilder(
                  "npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(MODELS.toFile())
              .redirectErrorStream(true)
              .start();
      npm.getOutputStream().close();
      String said = new String(npm.getInputStream().readAllBytes());
      return npm.waitFor() == 0 ? "" : said;
    } catch (IOException missing) {
      return missing.getMessage();
    }
  }

  @Test
  void eachManifestFitsTheModelsOfNpm() throws Exception {
    List<Manifest> asked = new ArrayList<>();
    for (Manifest manifest : Manifest.all()) {
      if (manifest.isOfKubernetes() || manifest.type().startsWith("argoproj.io/")) {
        asked.add(manifest);
      }
      // the engine of Litmus has a part of the pod only
      EnginePods.of(manifest).stream()
          .filter(pod -> pod.at("spec.containers.0.image") != null)
          .forEach(asked::add);
    }
    assertThat(asked).hasSizeGreaterThanOrEqualTo(6);
    assertThat(problems(asked)).isEmpty();
  }

  @Test
  void aWrongEnumerationTypeQuantityOrMissingFieldIsFound() throws Exception {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: wrong}
        spec: {restartPolicy: %s, containers: [{name: a, image: %s, resources: {limits: {memory: %s}}}]}
        """;
    String argo =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: wrong}
        spec: {entrypoint: 1, templates: [{name: one, container: {args: text}}]}
        """;
    List<Manifest> wrong = new ArrayList<>();
    Stream.of("Never b 1Gi", "Sometimes b 1Gi", "Never 1 1Gi", "Never b 1GiB")
        .map(words -> pod.formatted((Object[]) words.split(" ")))
        .forEach(text -> wrong.addAll(Manifest.of("wrong.yaml", text)));
    wrong.addAll(
        Manifest.of("wrong.yaml", pod.formatted("Never", "b", "1Gi").replace("name: a, ", "")));
    wrong.addAll(Manifest.of("argo.yaml", argo));
    List<String> problems = problems(wrong);
    assertThat(problems).hasSize(5);
    assertThat(problems.get(0))
        .contains("restartPolicy must be equal to one of the allowed values");
    assertThat(problems.get(1)).contains("image must be string");
    assertThat(problems.get(2)).contains("must match format \"quantity\"");
    assertThat(problems.get(3)).contains(REQUIRED + " name");
    assertThat(problems.get(4)).contains("entrypoint must be string", "container/args");
  }

  /** Returns a sentence for each manifest that does not fit its model. */
  private static List<String> problems(List<Manifest> manifests) throws Exception {
    List<Object> asked = new ArrayList<>();
    for (Manifest manifest : manifests) {
      String library =
          manifest.isOfKubernetes() ? "kubernetes-models/" : "@kubernetes-models/argo-workflows/";
      asked.add(Map.of("model", library + manifest.type(), "object", manifest.object()));
    }
    Path file = MODELS.resolve("asked.json").toAbsolutePath();
    Files.writeString(file, JSON.std.asString(asked));
    String answer = Tool.run("node", MODELS.resolve("validate.mjs").toAbsolutePath(), file);
    List<String> problems = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      String[] words = line.split(": ", 2);
      assertThat(words[0]).as(answer).matches("\\d+");
      Manifest manifest = manifests.get(Integer.parseInt(words[0]));
      if (!words[1].contains(REQUIRED) || !manifest.isPatch()) {
        problems.add(manifest + ": " + words[1]);
      }
    }
    return problems;
  }
}
