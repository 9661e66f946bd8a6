package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of a check that make no sense are refused before any JVM is looked at. */
class ProbeUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--probe true                              | need --hold or --again",
        "--probe true --watch                      | need --hold or --again",
        "--probe-url http://a                      | need --hold or --again",
        "--hold --probe true --probe-url http://a  | --probe and --probe-url exclude each other",
        "--hold --probe true --expect 200          | --expect is the status of --probe-url",
        "--hold --expect 200                       | --expect is the status of --probe-url",
        "--hold --within 1s                        | need a check: --probe CMD or --probe-url URL",
        "--probe-every 1s                          | need a check: --probe CMD or --probe-url URL",
        "--hold --probe-failures 2                 | need a check: --probe CMD or --probe-url URL",
        "--hold --probe=                           | --probe needs a command of the shell",
        "--hold --probe-url localhost:8080         | a URL is http://HOST:PORT/PATH",
        "--hold --probe-url http://u:p@a           | could read the password: give --probe with a command",
        "--hold --probe-url http://a --expect 2xx  | a status is one number of 200 to 599",
        "--hold --probe-url http://a --within 0    | a check needs a time limit above 0",
        "--hold --probe-url http://a --within 300  | 300 what? 300s or 300ms",
        "--hold --probe true --probe-every 50ms    | an interval of checks is at least 100 ms",
        "--hold --probe true --probe-failures 0    | a number of failures is 1 or more",
      })
  void theRefusalNamesTheRule(String words, String rule) {
    assertRefused("attach 1 -x 1 " + words.strip(), rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attach --match a -x 1 --hold --probe true | ask one service: give a PID, or leave out --all",
        "attach --all -x 1 --hold --probe true     | ask one service: give a PID, or leave out --all",
        "run -x 1 --probe true                     | Unknown option",
      })
  void aCheckIsForOneServiceThatIsHeld(String words, String rule) {
    assertRefused(words.strip(), rule);
  }

  private static void assertRefused(String words, String rule) {
    Cli refused = InProcess.run((Object[]) words.split(" +"));
    assertThat(refused.code()).as(refused.out()).isEqualTo(2);
    assertThat(refused.out()).contains(rule);
  }
}
