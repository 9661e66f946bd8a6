package io.allocmem.launcher.fleet;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Experiment of the Chaos Toolkit, and the rules that its documentation has for an experiment. */
record Experiment(Map<String, Object> fields) {
  static final Path FILE = Path.of("../examples/07-fleet/chaostoolkit/experiment.json");

  private static final String HYPOTHESIS = "steady-state-hypothesis";
  private static final Set<String> FIELDS =
      Set.of(
          "title",
          "description",
          "tags",
          "configuration",
          "runtime",
          HYPOTHESIS,
          "method",
          "rollbacks",
          "secrets",
          "extensions",
          "contributions",
          "controls");
  private static final Set<String> ACTIVITY =
      Set.of("type", "name", "provider", "tolerance", "pauses", "background", "controls", "ref");
  private static final Map<String, Set<String>> PROVIDERS =
      Map.of(
          "process", Set.of("type", "path", "arguments", "timeout", "secrets"),
          "http",
              Set.of(
                  "type", "url", "method", "headers", "arguments", "timeout", "expected_status"));
  private static final Map<String, Set<String>> STRATEGIES =
      Map.of(
          "rollbacks", Set.of("default", "always", "never", "deviated"),
          "hypothesis",
              Set.of(
                  "default",
                  "before-method-only",
                  "after-method-only",
                  "during-method-only",
                  "continuously"));

  static Experiment read() throws IOException {
    return new Experiment(JSON.std.mapFrom(Files.readString(FILE)));
  }

  List<Map<String, Object>> probes() {
    Object probes = Manifest.fields(fields.getOrDefault(HYPOTHESIS, Map.of())).get("probes");
    return list(probes);
  }

  List<Map<String, Object>> method() {
    return list(fields.get("method"));
  }

  List<Map<String, Object>> rollbacks() {
    return list(fields.get("rollbacks"));
  }

  private static List<Map<String, Object>> list(Object value) {
    return value instanceof List<?> list ? list.stream().map(Manifest::fields).toList() : List.of();
  }

  /** Returns a sentence for each rule of the documentation that the experiment breaks. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    known(fields, FIELDS, "experiment", problems);
    for (String field : List.of("title", "description", "method")) {
      require(fields.get(field) != null, "experiment: no " + field, problems);
    }
    Map<String, Object> runtime = Manifest.fields(fields.getOrDefault("runtime", Map.of()));
    STRATEGIES.forEach(
        (part, words) -> {
          Map<String, Object> chosen = Manifest.fields(runtime.getOrDefault(part, Map.of()));
          Object word = chosen.getOrDefault("strategy", "default");
          require(words.contains(word), part + ": no strategy " + word, problems);
        });
    for (Map<String, Object> probe : probes()) {
      activity(probe, Set.of("probe"), problems);
      tolerance(probe, problems);
    }
    method().forEach(one -> activity(one, Set.of("probe", "action"), problems));
    rollbacks().forEach(one -> activity(one, Set.of("action"), problems));
    return problems;
  }

  private static void activity(
      Map<String, Object> activity, Set<String> types, List<String> problems) {
    String name = "activity " + activity.get("name");
    known(activity, ACTIVITY, name, problems);
    require(types.contains(activity.get("type")), name + ": a wrong type", problems);
    Map<String, Object> provider =
        Manifest.fields(activity.getOrDefault("provider", Map.of("type", "none")));
    Object type = provider.get("type");
    require(PROVIDERS.containsKey(type), name + ": no provider " + type, problems);
    known(provider, PROVIDERS.getOrDefault(type, provider.keySet()), name, problems);
    require(
        provider.containsKey("process".equals(type) ? "path" : "url"),
        name + ": no path, no url",
        problems);
    require(provider.getOrDefault("timeout", 1) instanceof Number, name + ": no time", problems);
    Map<String, Object> pauses = Manifest.fields(activity.getOrDefault("pauses", Map.of()));
    known(pauses, Set.of("before", "after"), name, problems);
  }

  private static void tolerance(Map<String, Object> probe, List<String> problems) {
    Object tolerance = probe.get("tolerance");
    require(tolerance != null, "probe " + probe.get("name") + ": no tolerance", problems);
    if (tolerance instanceof Map<?, ?> map) {
      require("regex".equals(map.get("type")), "tolerance: an untested type", problems);
      require(Pattern.compile("" + map.get("pattern")) != null, "tolerance: no pattern", problems);
    }
  }

  private static void known(
      Map<String, Object> object, Set<String> known, String place, List<String> problems) {
    for (String field : object.keySet()) {
      require(known.contains(field), place + ": unknown field " + field, problems);
    }
  }

  private static void require(boolean rule, String otherwise, List<String> problems) {
    if (!rule) {
      problems.add(otherwise);
    }
  }
}
