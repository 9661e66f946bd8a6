package io.allocmem.launcher.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Requests of kubectl as rights of RBAC: texts such as {@code get pods/log}. kubectl prints each
 * request with {@code -v=8}.
 */
final class Requests {
  private static final Pattern REQUEST =
      Pattern.compile("\\b(GET|POST|PUT|PATCH|DELETE) https?://[^/\\s]+(/\\S*)");
  private static final Pattern RESOURCE =
      Pattern.compile(
          "/(?:api/v1|apis/[^/]+/[^/]+)/namespaces/[^/]+/([a-z]+)(?:/([^/?]+))?(?:/([a-z]+))?(?:\\?(.*))?");
  private static final Map<String, String> VERBS =
      Map.of("POST", "create", "PUT", "update", "PATCH", "patch", "DELETE", "delete");

  private Requests() {}

  /** Returns the rights that the printed requests need. */
  static Set<String> in(String output) {
    Set<String> rights = new TreeSet<>();
    for (MatchResult request : REQUEST.matcher(output).results().toList()) {
      Matcher resource = RESOURCE.matcher(request.group(2));
      if (resource.matches()) {
        rights.add(right(request.group(1), resource));
      }
    }
    return rights;
  }

  private static String right(String method, Matcher resource) {
    String query = resource.group(4) == null ? "" : resource.group(4);
    String reading =
        query.contains("watch=true") ? "watch" : resource.group(2) == null ? "list" : "get";
    String part = resource.group(3) == null ? "" : "/" + resource.group(3);
    return VERBS.getOrDefault(method, reading) + " " + resource.group(1) + part;
  }

  /** Returns the rights of a Role in a manifest. */
  static Set<String> ofRole(String name, String yaml) {
    Set<String> rights = new TreeSet<>();
    for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
      Map<?, ?> object = (Map<?, ?>) document;
      boolean named = ((Map<?, ?>) object.get("metadata")).get("name").equals(name);
      if (named && object.get("kind").equals("Role")) {
        ((List<?>) object.get("rules")).forEach(rule -> addTo(rights, (Map<?, ?>) rule));
      }
    }
    return rights;
  }

  private static void addTo(Set<String> rights, Map<?, ?> rule) {
    for (Object verb : (List<?>) rule.get("verbs")) {
      ((List<?>) rule.get("resources")).forEach(resource -> rights.add(verb + " " + resource));
    }
  }
}
