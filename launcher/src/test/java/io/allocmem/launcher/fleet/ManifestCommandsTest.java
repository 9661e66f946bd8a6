package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The command lines in the manifests and in the experiment are command lines of allocmem. */
class ManifestCommandsTest {
  private static final Pattern PARAMETER =
      Pattern.compile("\\{\\{workflow\\.parameters\\.([\\w-]+)}}");

  @Test
  void eachPlanInAManifestIsAPlan() throws IOException {
    List<List<String>> commands = new ArrayList<>();
    for (Manifest manifest : Manifest.all()) {
      Map<String, String> parameters = new HashMap<>();
      manifest
          .list("spec.arguments.parameters")
          .forEach(
              one ->
                  parameters.put(
                      one.get("name").toString(), Objects.toString(one.get("value"), "any")));
      collect(manifest.object(), parameters, commands);
    }
    assertThat(commands).hasSizeGreaterThanOrEqualTo(3);
    for (List<String> command : commands) {
      assertThat(InProcess.plan(command.toArray(new String[0])).toHuman())
          .as(String.join(" ", command))
          .isNotEmpty();
    }
  }

  @Test
  void theActionOfTheExperimentIsAPlan() throws IOException {
    Map<?, ?> provider = (Map<?, ?>) Experiment.read().method().get(0).get("provider");
    List<?> words = (List<?>) provider.get("arguments");
    assertThat(InProcess.plan(words.stream().map(Object::toString).toArray(String[]::new)))
        .isNotNull();
  }

  /** Collects the words of containers that run the launcher directly, and make a plan. */
  private static void collect(
      Object value, Map<String, String> parameters, List<List<String>> commands) {
    if (value instanceof List<?> list) {
      list.forEach(one -> collect(one, parameters, commands));
    } else if (value instanceof Map<?, ?> map) {
      boolean launcher =
          map.get("image") instanceof String image
              && image.contains("allocmem")
              && (!map.containsKey("command")
                  || map.get("command").toString().matches("\\[\\S*allocmem]"));
      if (launcher && map.get("args") instanceof List<?> words) {
        List<String> command =
            words.stream().map(word -> filled(word.toString(), parameters)).toList();
        if (command.contains("-x") || command.contains("--until")) {
          commands.add(command);
        }
      }
      map.values().forEach(one -> collect(one, parameters, commands));
    }
  }

  private static String filled(String word, Map<String, String> parameters) {
    return PARAMETER.matcher(word).replaceAll(found -> parameters.get(found.group(1)));
  }
}
