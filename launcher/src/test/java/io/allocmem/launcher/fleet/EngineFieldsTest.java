package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The fields around the pods in the manifests of Chaos Mesh, Litmus and Argo: documented names, and
 * references to something that is there. No package has models of Chaos Mesh and Litmus, so the
 * tables are written from the documentation of these projects.
 */
class EngineFieldsTest {
  private static final Pattern PARAMETER = Pattern.compile("workflow\\.parameters\\.([\\w-]+)");

  /** Fields of Chaos Mesh and Litmus by path; a star stands for the elements of a list. */
  private static final Map<String, Set<String>> FIELDS =
      Map.ofEntries(
          Map.entry("Workflow spec", Set.of("entry", "templates")),
          Map.entry(
              "Workflow spec.templates.*",
              Set.of(
                  "name",
                  "templateType",
                  "deadline",
                  "children",
                  "task",
                  "conditionalBranches",
                  "statusCheck",
                  "abortWithStatusCheck")),
          Map.entry("Workflow spec.templates.*.task", Set.of("container", "volumes", "labels")),
          Map.entry(
              "Workflow spec.templates.*.conditionalBranches.*", Set.of("target", "expression")),
          Map.entry(
              "Workflow spec.templates.*.statusCheck",
              Set.of(
                  "mode",
                  "type",
                  "duration",
                  "timeoutSeconds",
                  "intervalSeconds",
                  "failureThreshold",
                  "successThreshold",
                  "recordsHistoryLimit",
                  "http")),
          Map.entry(
              "Workflow spec.templates.*.statusCheck.http",
              Set.of("url", "method", "headers", "body", "criteria")),
          Map.entry(
              "ChaosExperiment spec.definition",
              Set.of(
                  "scope",
                  "permissions",
                  "image",
                  "imagePullPolicy",
                  "command",
                  "args",
                  "env",
                  "labels",
                  "hostPID",
                  "securityContext")),
          Map.entry(
              "ChaosExperiment spec.definition.securityContext",
              Set.of("podSecurityContext", "containerSecurityContext")),
          Map.entry(
              "ChaosEngine spec",
              Set.of(
                  "engineState",
                  "defaultHealthCheck",
                  "chaosServiceAccount",
                  "jobCleanUpPolicy",
                  "experiments")),
          Map.entry("ChaosEngine spec.experiments.*", Set.of("name", "spec")),
          Map.entry("ChaosEngine spec.experiments.*.spec", Set.of("components", "probe")),
          Map.entry(
              "ChaosEngine spec.experiments.*.spec.components",
              Set.of("env", "nodeSelector", "tolerations", "resources", "experimentAnnotations")));

  @Test
  void eachFieldIsADocumentedField() throws IOException {
    List<Manifest> engines =
        Manifest.all().stream().filter(manifest -> !manifest.isOfKubernetes()).toList();
    assertThat(engines).hasSizeGreaterThanOrEqualTo(4);
    for (Manifest manifest : engines) {
      assertThat(unknown(manifest)).as(manifest.toString()).isEmpty();
    }
  }

  @Test
  void aFieldThatIsNotDocumentedIsFound() {
    Manifest workflow =
        Manifest.of(
                "wrong.yaml",
                """
                apiVersion: chaos-mesh.org/v1alpha1
                kind: Workflow
                spec:
                  entry: one
                  templates:
                    - name: one
                      templateType: StatusCheck
                      statusCheck: {mode: Continuous, timeout: 3}
                      dedline: 1m
                """)
            .get(0);
    assertThat(unknown(workflow))
        .containsExactly("spec.templates.*.dedline", "spec.templates.*.statusCheck.timeout");
  }

  @Test
  void theWorkflowOfChaosMeshRefersToItsTemplates() throws IOException {
    Manifest workflow = only("chaos-mesh.org/v1alpha1/Workflow");
    List<Object> names = new ArrayList<>();
    Set<Object> used = new TreeSet<>(Set.of(workflow.at("spec.entry")));
    for (Map<String, Object> template : workflow.list("spec.templates")) {
      names.add(template.get("name"));
      assertThat(template.get("templateType"))
          .isIn("Serial", "Parallel", "Suspend", "Task", "StatusCheck");
      used.addAll((List<?>) template.getOrDefault("children", List.of()));
      for (Object branch : (List<?>) template.getOrDefault("conditionalBranches", List.of())) {
        used.add(((Map<?, ?>) branch).get("target"));
      }
    }
    assertThat(names).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void theEngineOfLitmusNamesTheExperimentAndTheAccount() throws IOException {
    Manifest engine = only("litmuschaos.io/v1alpha1/ChaosEngine");
    assertThat(engine.at("spec.experiments.0.name"))
        .isEqualTo(only("litmuschaos.io/v1alpha1/ChaosExperiment").at("metadata.name"));
    assertThat(engine.at("spec.chaosServiceAccount"))
        .isEqualTo(only("v1/ServiceAccount", "litmus").at("metadata.name"));
  }

  @Test
  void theTemplateOfArgoRefersToItsTemplateAndParameters() throws IOException {
    Manifest workflow = only("argoproj.io/v1alpha1/WorkflowTemplate");
    assertThat(workflow.list("spec.templates"))
        .anyMatch(template -> template.get("name").equals(workflow.at("spec.entrypoint")));
    Set<Object> used = new TreeSet<>();
    PARAMETER.matcher(workflow.yaml()).results().forEach(found -> used.add(found.group(1)));
    assertThat(workflow.list("spec.arguments.parameters").stream().map(one -> one.get("name")))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  private static Manifest only(String type, String... part) throws IOException {
    return Manifest.all().stream()
        .filter(manifest -> manifest.type().equals(type))
        .filter(manifest -> part.length == 0 || manifest.place().contains(part[0]))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> unknown(Manifest manifest) {
    List<String> unknown = new ArrayList<>();
    String kind = manifest.type().replaceFirst(".*/", "");
    addUnknown(kind, "", manifest.object(), unknown);
    return unknown.stream().sorted().toList();
  }

  private static void addUnknown(String kind, String path, Object value, List<String> unknown) {
    if (value instanceof List<?> list) {
      list.forEach(one -> addUnknown(kind, path + ".*", one, unknown));
    } else if (value instanceof Map<?, ?> map) {
      Set<String> known = FIELDS.get(kind + " " + path);
      for (Map.Entry<?, ?> field : map.entrySet()) {
        String inside = path.isEmpty() ? "" + field.getKey() : path + "." + field.getKey();
        if (known != null && !known.contains(field.getKey())) {
          unknown.add(inside);
        }
        addUnknown(kind, inside, field.getValue(), unknown);
      }
    }
  }
}
