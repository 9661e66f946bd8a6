package io.allocmem.launcher.fleet;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pods that the engines make of their manifests. The kinds of an engine have no model for Java, but
 * the parts that become a pod are parts of Kubernetes.
 */
final class EnginePods {
  private EnginePods() {}

  /** Returns the pods of a manifest; none for a kind without a pod. */
  static List<Manifest> of(Manifest manifest) throws IOException {
    if (manifest.isContainer()) {
      return List.of(pod(manifest, containers(named(manifest.object()))));
    }
    return switch (manifest.type()) {
      case "argoproj.io/v1alpha1/WorkflowTemplate" -> argo(manifest);
      case "chaos-mesh.org/v1alpha1/Workflow" -> chaosMesh(manifest);
      case "litmuschaos.io/v1alpha1/ChaosExperiment" -> litmus(manifest);
      case "litmuschaos.io/v1alpha1/ChaosEngine" -> litmusEngine(manifest);
      default -> List.of();
    };
  }

  private static Map<String, Object> containers(Map<String, Object> one) {
    return new LinkedHashMap<>(Map.of("containers", List.of(one)));
  }

  private static List<Manifest> argo(Manifest workflow) throws IOException {
    List<Manifest> pods = new ArrayList<>();
    for (Map<String, Object> template : workflow.list("spec.templates")) {
      if (template.containsKey("container")) {
        Map<String, Object> spec =
            copy(template, "nodeSelector", "activeDeadlineSeconds", "volumes");
        Object patch = template.get("podSpecPatch");
        spec.putAll(patch == null ? Map.of() : JSON.std.mapFrom(patch.toString()));
        spec.put("containers", List.of(named(template.get("container"))));
        pods.add(pod(workflow, spec));
      }
    }
    return pods;
  }

  private static List<Manifest> chaosMesh(Manifest workflow) {
    List<Manifest> pods = new ArrayList<>();
    for (Map<String, Object> template : workflow.list("spec.templates")) {
      if (template.containsKey("task")) {
        Map<String, Object> task = Manifest.fields(template.get("task"));
        Map<String, Object> spec = copy(task, "volumes");
        spec.put("containers", List.of(task.get("container")));
        pods.add(pod(workflow, spec));
      }
    }
    return pods;
  }

  private static List<Manifest> litmus(Manifest experiment) {
    Map<String, Object> definition = Manifest.fields(experiment.at("spec.definition"));
    Map<String, Object> container = copy(definition, "image", "imagePullPolicy", "command", "args");
    container.put("env", definition.get("env"));
    container.put(
        "securityContext",
        experiment.at("spec.definition.securityContext.containerSecurityContext"));
    Map<String, Object> spec = copy(definition, "hostPID");
    spec.put(
        "securityContext", experiment.at("spec.definition.securityContext.podSecurityContext"));
    spec.put("containers", List.of(named(container)));
    return List.of(pod(experiment, spec));
  }

  private static List<Manifest> litmusEngine(Manifest engine) {
    List<Manifest> pods = new ArrayList<>();
    for (Map<String, Object> experiment : engine.list("spec.experiments")) {
      Map<?, ?> attributes = (Map<?, ?>) experiment.get("spec");
      Map<String, Object> components = Manifest.fields(attributes.get("components"));
      Map<String, Object> spec = copy(components, "nodeSelector", "tolerations");
      spec.put("containers", List.of(named(copy(components, "env", "resources"))));
      pods.add(pod(engine, spec));
    }
    return pods;
  }

  private static Map<String, Object> copy(Map<String, Object> from, String... fields) {
    Map<String, Object> copy = new LinkedHashMap<>();
    for (String field : fields) {
      if (from.containsKey(field)) {
        copy.put(field, from.get(field));
      }
    }
    return copy;
  }

  /** An engine names the container. */
  private static Map<String, Object> named(Object container) {
    Map<String, Object> named = new LinkedHashMap<>(Map.of("name", "main"));
    named.putAll(Manifest.fields(container));
    return named;
  }

  private static Manifest pod(Manifest of, Map<String, Object> spec) {
    spec.values().removeIf(value -> value == null);
    Map<String, Object> metadata = Map.of("name", "pod");
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("apiVersion", "v1");
    pod.put("kind", "Pod");
    pod.put("metadata", metadata);
    pod.put("spec", spec);
    return new Manifest(of.place() + " as a pod", pod);
  }
}
