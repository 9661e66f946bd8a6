package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.many.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The answers in JSON have the fields of the page, and no others. */
class JsonIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final Pattern FIELD = Pattern.compile("`(\\w+)`");

  @Test
  void eachAnswerHasTheFieldsOfThePage() throws IOException {
    try (Target target = Target.start(NEWEST)) {
      Map<String, Object> attached = answer(target, "attach -x 3 -a native --wait");
      assertCommon(target, attached, "attach");
      assertThat(plan(attached).get("phase")).isEqualTo("HOLDING");
      assertThat(plan(attached).get("reached")).isEqualTo(1);
      assertThat(attached).containsEntry("heldAlready", false);
      Map<String, Object> again = answer(target, "attach -x 3 -a native --if-absent");
      assertThat(again).containsEntry("heldAlready", true);
      assertCommon(target, answer(target, "attach -x 1 -n two -a native"), "attach");
      Map<String, Object> waited = answer(target, "wait -n default");
      assertCommon(target, waited, "wait");
      assertThat(plan(waited).get("committed")).isEqualTo(3 << 20);
      Map<String, Object> checked = answer(target, "check -x 1 -n three");
      assertThat(checked.keySet()).containsExactlyElementsOf(fields("each command", "check"));
      assertThat(checked).containsEntry("verdict", "DONE").containsEntry("exitCode", 0);
      assertThat(strings(plan(checked).keySet())).isEqualTo(List.copyOf(PlanSample.names()));
      assertListed(target);
      assertReleased(answer(target, "release"));
    }
  }

  @Test
  void runAnswersWithItsSizesAndThePlan() throws IOException {
    String jdk = NEWEST.home().toString();
    Map<String, Object> ran =
        answer("run", "--json", "--jdk", jdk, "-m", "10", "-x", "30", "-d", "500ms");
    assertThat(ran.keySet()).containsExactlyElementsOf(fields("each command", "run"));
    assertThat(ran).containsEntry("verdict", "DONE");
    assertThat(ran.get("heapMax")).isEqualTo(ran.get("heapNeeded"));
    assertThat(ran.get("jvmOptions").toString()).contains("-Xmx");
    assertThat(plan(ran).get("phase")).isEqualTo("RELEASED");
  }

  @Test
  void cleanListsWhatIsLeftOver() throws IOException {
    Map<String, Object> cleaned = answer("clean", "--dry-run", "--json");
    assertThat(cleaned.keySet()).containsExactlyElementsOf(fields("each command", "clean"));
    assertThat(cleaned).containsEntry("dryRun", true).containsEntry("pid", null);
  }

  @Test
  void anAnswerAboutAFailureHasTheExitCodeAndTheMessage() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      Map<String, Object> late = answer(target, "attach -x 9 -e 1s --wait=200ms");
      assertThat(late).containsEntry("verdict", "SHORT").containsEntry("exitCode", 3);
      assertThat((String) late.get("message")).startsWith("not HOLDING after 0.2 s: plan default");
      assertThat(plan(late).get("reached")).isEqualTo(0);
      Map<String, Object> again = answer(target, "attach -x 9");
      assertThat(again).containsEntry("verdict", "FAILED").containsEntry("exitCode", 1);
      assertThat((String) again.get("message")).contains("plan default is held here already");
      target.process().destroyForcibly().waitFor();
      assertThat(answer(target, "release")).containsEntry("verdict", "ENDED");
    }
  }

  private static void assertCommon(Target target, Map<String, Object> answer, String command)
      throws IOException {
    List<String> own = command.equals("attach") ? fields("attach") : List.of();
    assertThat(answer.keySet())
        .containsExactlyElementsOf(
            Stream.concat(fields("each command").stream(), own.stream()).toList());
    assertThat(answer)
        .containsEntry("format", Outcome.FORMAT)
        .containsEntry("command", command)
        .containsEntry("exitCode", 0)
        .containsEntry("verdict", "DONE")
        .containsEntry("message", null)
        .containsEntry("pid", (int) target.pid());
    assertThat(strings(plan(answer).keySet())).isEqualTo(List.copyOf(PlanSample.names()));
  }

  private static void assertListed(Target target) throws IOException {
    List<Map<?, ?>> listed = new ArrayList<>();
    for (Object jvm : JSON.std.listFrom(InProcess.out("list", "--json"))) {
      if (((Map<?, ?>) jvm).get("pid").equals((int) target.pid())) {
        listed.add((Map<?, ?>) jvm);
      }
    }
    assertThat(listed).hasSize(1);
    assertThat(strings(listed.get(0).keySet())).isEqualTo(fields("list"));
    List<?> held = (List<?>) listed.get(0).get("held");
    assertThat(held).hasSize(2);
    assertThat(strings(((Map<?, ?>) held.get(0)).keySet()))
        .isEqualTo(List.copyOf(PlanSample.names()));
  }

  private static void assertReleased(Map<String, Object> released) throws IOException {
    assertThat(released.keySet()).containsExactlyElementsOf(fields("each command"));
    assertThat((List<?>) released.get("plans")).hasSize(2);
    Map<?, ?> plan = plan(released);
    assertThat(plan.get("phase")).isEqualTo("RELEASED");
    Map<?, ?> recovery = (Map<?, ?>) plan.get("recovery");
    assertThat(recovery.get("released")).isEqualTo(3 << 20);
    assertThat(recovery.get("complete")).isEqualTo(true);
    assertThat(((Map<?, ?>) recovery.get("rss")).keySet().toString())
        .isEqualTo("[before, held, after]");
    assertThat(fields("a plan")).contains("recovery").containsAll(strings(recovery.keySet()));
  }

  private static List<String> strings(Iterable<?> keys) {
    List<String> strings = new ArrayList<>();
    keys.forEach(key -> strings.add((String) key));
    return strings;
  }

  private static Map<?, ?> plan(Map<String, Object> answer) {
    return (Map<?, ?>) ((List<?>) answer.get("plans")).get(0);
  }

  /** Returns the fields in the tables of the page below these headings, in order. */
  private static List<String> fields(String... headings) throws IOException {
    String text = Files.readString(Path.of("docs/json.md"));
    List<String> fields = new ArrayList<>();
    for (String heading : headings) {
      String section = text.split("## Fields of " + heading + "\n")[1].split("\n## ")[0];
      section
          .lines()
          .filter(line -> line.startsWith("| `"))
          .map(line -> heading.equals("a plan") ? line : line.split("\\|")[1])
          .flatMap(cell -> FIELD.matcher(cell).results().map(found -> found.group(1)))
          .forEach(fields::add);
    }
    return fields;
  }

  private static Map<String, Object> answer(Target target, String words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words.split(" ")));
    all.add(1, Long.toString(target.pid()));
    all.add("--json");
    return answer(all.toArray(new String[0]));
  }

  private static Map<String, Object> answer(String... words) throws IOException {
    String out = InProcess.out((Object[]) words);
    assertThat(out.lines()).hasSize(1);
    return JSON.std.mapFrom(out);
  }
}
