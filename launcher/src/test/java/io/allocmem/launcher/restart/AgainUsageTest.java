package io.allocmem.launcher.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that make no sense with {@code --again} are refused before any JVM is looked at. */
class AgainUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attach 1 -x 1 --again                 | a JVM that starts again has another PID",
        "attach -x 1 --again 1                 | a JVM that starts again has another PID",
        "attach -x 1 --again                   | --again needs a part of the main class or jar",
        "attach --match shop -x 1 --again      | --again follows one JVM by its name",
        "attach --all -x 1 --again=3           | leave out --all and --match",
        "attach shop -x 1 --again --watch      | --watch and --record show one JVM",
        "attach shop -x 1 --again --record r   | --watch and --record show one JVM",
        "attach shop -x 1 --again --wait       | --hold, --again and --watch stay",
        "attach shop -x 1 --again --if-absent  | --again release their plan at the end",
        "attach shop -x 1 --again --lease 0    | --hold and --again need a lease",
        "attach shop -x 1 --again=often        | a number of restarts is 1 or more",
        "attach shop -x 1 --again=-1           | a number of restarts is 1 or more",
        "run -x 1 --again                      | Unknown option: '--again'",
      })
  void theRefusalNamesTheRule(String words, String rule) {
    Cli refused = InProcess.run((Object[]) words.strip().split(" "));
    assertThat(refused.code()).as(refused.out()).isEqualTo(2);
    assertThat(refused.out()).contains(rule);
  }

  @ParameterizedTest
  @CsvSource({"--again", "--again=3", "--again=0", "--hold --again"})
  void theNextWordIsTheNameOfTheJvm(String words) {
    Cli none = InProcess.run((Object[]) ("attach -x 1 " + words + " no-such-jvm").split(" "));
    none.assertSentence("no JVM has 'no-such-jvm' in its main class or jar name");
  }
}
