package io.allocmem.launcher.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Object in a YAML or JSON file of the examples.
 *
 * @param place file and number of the object in the file
 * @param object fields as they are written
 */
record Manifest(String place, Map<String, Object> object) {
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
  private static final List<String> FOLDERS = List.of("06-kubernetes", "07-fleet");

  /** Files of engines that read no manifests, with rules of their own. */
  private static final Pattern OTHERS = Pattern.compile(".*/07-fleet/(ansible|chaostoolkit)/.*");

  /** Marks an object that kustomize merges into another object. */
  private static final String PATCH = " (patch)";

  /** Returns the objects of all YAML and JSON files. */
  static List<Manifest> all() throws IOException {
    List<Manifest> all = new ArrayList<>();
    Set<Path> patches = new HashSet<>();
    for (Path file : files()) {
      List<Manifest> objects = of(EXAMPLES.relativize(file).toString(), Files.readString(file));
      for (Manifest one : objects) {
        one.list("patches").stream()
            .filter(patch -> patch.containsKey("path"))
            .forEach(patch -> patches.add(file.resolveSibling(patch.get("path").toString())));
      }
      all.addAll(objects);
    }
    return all.stream().map(one -> patches.contains(one.file()) ? one.patch() : one).toList();
  }

  private Path file() {
    return EXAMPLES.resolve(place.replaceFirst("\\[\\d+]$", ""));
  }

  private Manifest patch() {
    return new Manifest(place + PATCH, object);
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : FOLDERS) {
      if (Files.isDirectory(EXAMPLES.resolve(folder))) {
        try (Stream<Path> found = Files.walk(EXAMPLES.resolve(folder))) {
          found.filter(Manifest::isManifest).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  private static boolean isManifest(Path file) {
    String name = file.toString();
    return name.matches(".*\\.(ya?ml|json)") && !OTHERS.matcher(name).matches();
  }

  /** Returns the objects of a text. */
  static List<Manifest> of(String file, String text) {
    List<Manifest> objects = new ArrayList<>();
    for (Object object : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
      if (object != null) {
        objects.add(new Manifest(file + "[" + objects.size() + "]", fields(object)));
      }
    }
    return objects;
  }

  /** Returns the group, version and kind, such as {@code batch/v1/Job}. */
  String type() {
    return object.get("apiVersion") + "/" + object.get("kind");
  }

  /** Returns true for a group of Kubernetes itself. */
  boolean isOfKubernetes() {
    String version = object.getOrDefault("apiVersion", "none.here/v1").toString();
    String group = version.replaceFirst("/?[^/]*$", "");
    return !group.contains(".") || group.endsWith(".k8s.io") && !group.startsWith("kustomize");
  }

  /** Returns true for a part of an object that kustomize merges into another object. */
  boolean isPatch() {
    return place.endsWith(PATCH);
  }

  /** Returns true for the part of a container that {@code kubectl debug --custom} takes. */
  boolean isContainer() {
    return !object.containsKey("apiVersion") && object.containsKey("securityContext");
  }

  /**
   * Returns the value at a path, such as {@code spec.template}; null if a field is missing. An
   * element of a list has the number as name.
   */
  Object at(String path) {
    Object value = object;
    for (String name : path.split("\\.")) {
      value =
          value instanceof List<?> list
              ? list.get(Integer.parseInt(name))
              : value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** Returns the elements of the list at a path, as objects; none if the list is missing. */
  List<Map<String, Object>> list(String path) {
    return at(path) instanceof List<?> list
        ? list.stream().filter(Objects::nonNull).map(Manifest::fields).toList()
        : List.of();
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> fields(Object object) {
    return (Map<String, Object>) object;
  }

  /** Returns the object as YAML. */
  String yaml() {
    return new Yaml().dump(object);
  }

  @Override
  public String toString() {
    return place + " " + type();
  }
}
