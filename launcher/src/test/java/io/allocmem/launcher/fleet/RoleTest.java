package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Variables of the Ansible role: defaults, specification of the arguments, and documentation. */
class RoleTest {
  private static final Path ROLE = Path.of("../examples/07-fleet/ansible/roles/allocmem");
  private static final String NEEDED = "allocmem_match";

  @Test
  void eachVariableHasADefaultASpecificationAndALineInTheReadme() throws IOException {
    Map<String, Object> defaults = read("defaults/main.yml").object();
    Map<String, Object> specified =
        Manifest.fields(read("meta/argument_specs.yml").at("argument_specs.main.options"));
    Set<String> variables = new TreeSet<>(defaults.keySet());
    variables.add(NEEDED);
    assertThat(specified.keySet()).containsExactlyInAnyOrderElementsOf(variables);
    String readme = Files.readString(Path.of("../examples/07-fleet/README.md"));
    for (String variable : variables) {
      assertThat(readme).contains("`" + variable + "`");
      Map<String, Object> option = Manifest.fields(specified.get(variable));
      assertThat(option.get("default")).as(variable).isEqualTo(defaults.get(variable));
    }
    assertThat(Manifest.fields(specified.get(NEEDED))).containsEntry("required", true);
  }

  @Test
  void aRunTagOfTheReadmeIsATagOfTheRole() throws IOException {
    String tasks = Files.readString(ROLE.resolve("tasks/main.yml"));
    for (String tag : new String[] {"install", "attach", "wait", "hold", "verdict", "release"}) {
      assertThat(tasks).contains("tags: [" + tag + "]");
    }
  }

  private static Manifest read(String file) throws IOException {
    return Manifest.of(file, Files.readString(ROLE.resolve(file))).get(0);
  }
}
