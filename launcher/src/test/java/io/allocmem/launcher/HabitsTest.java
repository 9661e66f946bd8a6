package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.plan.HoldPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

/**
 * Habits of people who come from other tools: the left column is typed. On the right, a text with
 * an equals sign in front is a command that makes the same plan. Another text is in the refusal.
 */
class HabitsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // sizes: docker, Kubernetes, -Xmx, dd
        "attach 1 -x 2GB                        | = attach 1 -x 2048",
        "attach 1 -x 2GiB                       | = attach 1 -x 2048",
        "attach 1 -x 1.5g                       | = attach 1 -x 1536",
        "check 1 -x 200MB                       | = check 1 -x 200",
        "attach 1 -x 512Mi                      | = attach 1 -x 512",
        "run -m 4M -x 2G                        | = run -m 4 -x 2048",
        "attach 1 -x 1073741824                 | a number without a unit is MiB; in bytes: 1073741824b",
        "attach 1 -x 1073741824b                | = attach 1 -x 1024",
        "attach 1 --until 0.85                  | 0.85 what? 85% or 0.85g",
        // times: sleep, timeout, curl, systemd, Go
        "attach 1 -x 9 -w 0.5s                  | = attach 1 -x 9 -w 500ms",
        "attach 1 -x 9 -d 1m30s                 | = attach 1 -x 9 -d 90s",
        "attach 1 -x 9 --lease 1h               | = attach 1 -x 9 --lease 60m",
        "attach 1 -x 9 -d 5min                  | = attach 1 -x 9 -d 300s",
        "attach 1 -x 9 -d 90                    | 90 what? 90s or 90ms",
        "attach 1 -x 9 --duration=90            | 90 what? 90s or 90ms",
        "attach 1 -x 9 --lease 30               | 30 what? 30s or 30ms",
        "attach 1 -x 9 -w 10                    | 10 what? 10s or 10ms",
        "attach 1 -x 9 --then cycle --hold-time 5 | 5 what? 5s or 5ms",
        "watch 1 --every 1                      | 1 what? 1s or 1ms",
        "wait 1 --timeout 60                    | 60 what? 60s or 60ms",
        "attach 1 -x 9 --wait=60                | 60 what? 60s or 60ms",
        "run -x 9 -e 50                         | = run -x 9 -e 50ms",
        // words: in any case, and the word of the JVM's own tools
        "attach 1 -x 9 -a HEAP                  | = attach 1 -x 9 -a heap",
        "attach 1 -x 9 -a offheap               | = attach 1 -x 9 -a native",
        "attach 1 -x 9 --then Ramp-Down         | = attach 1 -x 9 --then ramp-down",
        // rates: pv, dd, stress tools
        "attach 1 -x 1g --rate 10m/s            | = attach 1 -x 1g -m 1 -e 100",
        "attach 1 -x 1g -m 10 --rate 10MB/s     | = attach 1 -x 1g -m 10 -e 1s",
        "attach 1 -x 601 --over 10m             | = attach 1 -x 601 -m 1 -e 1s",
        "attach 1 -x 9 --rate 10                | a rate is a size in a time: 10m/s",
        "attach 1 -x 9 --rate 10m/s -e 5        | -e, --rate and --over exclude each other",
        "attach 1 --until 50% --over 10m        | with --until, give --rate 10m/s",
        // names of an experiment
        "attach 1 --preset slow-leak            | = attach 1 -m 5 -x 50% -e 1s",
        "attach 1 --preset near-full            | = attach 1 --until 85%",
        "attach 1 --preset above-xmx            | = attach 1 -a native -m 64 -x 512",
        "attach 1 --preset churn                | = attach 1 -a objects -m 5 -x 60% --then rotate -e 100",
        "run --preset Saw-Tooth                 | = run -m 10 -x 60% -e 500 --then cycle --hold-time 5s",
        "attach 1 --preset leak                 | a preset is one of slow-leak, near-full, above-xmx",
        // the reference tool, and the agent
        "attach 1                               | how much? -x 512m, -x 50% or --until 85%",
        "attach 1 m=100,x=2048                  | the options of the launcher: -m 100 -x 2048",
        "attach m=100,x=2048                    | the options of the launcher: -m 100 -x 2048",
        "attach m=100,x=2048 1                  | the options of the launcher: -m 100 -x 2048",
        "check 1 block=1m,limit=9,b,hold-time=3s | -m 1m -x 9 -b --hold-time 3s",
        "run m=1 x=9 a=native                   | launcher: -m 1 -x 9 -a native",
        "run --then=cycle -x 9 n=me,log=my.log  | -n me --log my.log",
        "m=100,x=2048                           | the options of the launcher: -m 100 -x 2048",
        "-m 100 -x 200                          | = run -m 100 -x 200",
        "-x 200 -J-Xmx1g                        | = run -x 200",
        // a refusal has the words that were typed, or the words of the launcher
        "attach 1 --limit 5q                    | invalid option --limit 5q: a size is",
        "attach 1 -x5q                          | invalid option -x 5q: a size is",
        "check 1 -m 5q                          | invalid option -m 5q: a size is",
        "attach 1 -x 5,y=3                      | invalid option -x 5,y=3: one value",
        "attach 1 -x 5 --until 9%               | -x and --until exclude each other",
        "attach 1 -x 5 -b -w 5s                 | -b and -w exclude each other",
        "attach 1 -x 5 --keep-free 100%         | --keep-free must be less than 100%",
        "attach 1 -x 0 --then cycle             | --then cycle needs a limit above 0 (-x)",
        "attach 1 -x 5 --then rotate            | --then rotate needs a delay (-e)",
        "attach 1 -x 5 --then cycle --hold-time 0 | needs a delay (-e) or a --hold-time",
        "attach 1 -x 5 --hold-time 5s           | --hold-time has no effect with --then hold",
        "attach 1 -x 5 -a gpu                   | invalid option -a gpu: an area is one of",
        "run -x 5 --jmx maybe                   | invalid option --jmx maybe: jmx is",
        "run -x 5 --name a/b                    | invalid option --name a/b: a name is"
      })
  void aHabitIsUnderstoodOrAskedAbout(String typed, String outcome) {
    String[] words = typed.split(" +");
    assertSameWithoutParser(words);
    if (outcome.startsWith("= ")) {
      String[] usual = outcome.substring(2).split(" +");
      assertThat(AgentArguments.print(InProcess.plan(words)))
          .isEqualTo(AgentArguments.print(InProcess.plan(usual)));
    } else {
      Cli refused = InProcess.run((Object[]) words);
      assertThat(refused.out()).contains(outcome);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.out())
          .doesNotContain("null", "by=", "l=false", "m|block", "options: m")
          .contains("See: allocmem");
    }
  }

  /** Words that need no parser make the plan of the parser; a refusal is left to the parser. */
  private static void assertSameWithoutParser(String... words) {
    boolean plain = PlainCommand.of(words) == PlainCommand.ATTACH;
    HoldPlan plan = plain ? PlanWords.of(words).plan() : null;
    if (plan != null) {
      HoldPlan parsed = InProcess.plan(words);
      assertThat(AgentArguments.print(plan).replaceFirst(",by=[^,]*", ""))
          .isEqualTo(AgentArguments.print(parsed));
      assertThat(plan.by()).isEqualTo(LauncherName.self());
    } else if (plain) {
      assertThatThrownBy(() -> InProcess.plan(words)).isInstanceOf(ParameterException.class);
    }
  }
}
