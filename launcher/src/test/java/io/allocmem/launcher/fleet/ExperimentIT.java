package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The experiment for the Chaos Toolkit keeps the documented rules, and its activities do their work
 * on a real JVM, in the order of the toolkit.
 */
class ExperimentIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  @Test
  void theExperimentKeepsTheRulesOfTheToolkit() throws IOException {
    assertThat(Experiment.read().problems()).isEmpty();
    assertThat(Experiment.read().probes()).hasSize(2);
  }

  @Test
  void aBrokenExperimentIsFound() throws IOException {
    String text = Files.readString(Experiment.FILE);
    String[][] changes = {
      {"\"title\": \"The shop answers while", "\"titel\": \"The shop answers while"},
      {"\"always\"", "\"ever\""},
      {"\"tolerance\": 200,", ""},
      {"\"type\": \"process\"", "\"type\": \"proces\""},
      {"\"path\": \"allocmem\"", "\"file\": \"allocmem\""},
      {"\"pauses\": {\"after\"", "\"pauses\": {\"later\""},
      {
        "\"type\": \"action\",\n      \"name\": \"release\"",
        "\"type\": \"probe\",\n      \"name\": \"release\""
      }
    };
    for (String[] change : changes) {
      assertThat(text).contains(change[0]);
      String broken = text.replace(change[0], change[1]);
      assertThat(new Experiment(JSON.std.mapFrom(broken)).problems()).as(change[1]).isNotEmpty();
    }
  }

  @Test
  void thePressureIsReachedTheSteadyStateHoldsAndTheRollbackReleases() throws IOException {
    Experiment experiment = Experiment.read();
    Path jar = directory.resolve("shop-" + ProcessHandle.current().pid() + ".jar");
    Jars.makeApplication(jar);
    try (Target shop = Target.start(NEWEST, "-Xmx128m", "-jar", jar.toString())) {
      String match = jar.getFileName().toString();
      assertThat(steadyState(experiment, match)).isTrue();
      assertThat(run(experiment.method().get(0), match).code()).isZero();
      assertThat(InProcess.out("status", shop.pid())).contains("chaos", "HOLDING", "70 MiB");
      assertThat(steadyState(experiment, match)).isTrue();
      assertThat(run(experiment.rollbacks().get(0), match).code()).isZero();
      assertThat(InProcess.out("status", shop.pid())).doesNotContain("HOLDING");
      assertThat(run(experiment.rollbacks().get(0), match).code()).isZero();
    }
  }

  @Test
  void aPlanThatFallsShortIsNoSteadyState() throws IOException {
    Experiment experiment = Experiment.read();
    Path jar = directory.resolve("shop-" + ProcessHandle.current().pid() + ".jar");
    Jars.makeApplication(jar);
    try (Target shop = Target.start(NEWEST, "-Xmx64m", "-jar", jar.toString())) {
      String match = jar.getFileName().toString();
      InProcess.run("attach", shop.pid(), "-n", "chaos", "-m", "4", "-x", "100", "--wait");
      assertThat(steadyState(experiment, match)).isFalse();
      InProcess.run("release", shop.pid());
    }
  }

  /** Returns true if the second probe is within its tolerance, as the toolkit decides. */
  private static boolean steadyState(Experiment experiment, String match) {
    Map<String, Object> probe = experiment.probes().get(1);
    Map<?, ?> tolerance = (Map<?, ?>) probe.get("tolerance");
    String out = InProcess.out(words(probe, match));
    return Pattern.compile(tolerance.get("pattern").toString()).matcher(out).find();
  }

  private static io.allocmem.launcher.fixtures.Cli run(Map<String, Object> activity, String match) {
    return InProcess.run(words(activity, match));
  }

  private static Object[] words(Map<String, Object> activity, String match) {
    Map<String, Object> provider = Manifest.fields(activity.get("provider"));
    assertThat(provider).containsEntry("path", "allocmem");
    return ((List<?>) provider.get("arguments"))
        .stream().map(word -> word.toString().replace("${jvms}", match)).toArray();
  }
}
