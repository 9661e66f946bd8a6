package io.allocmem.launcher.knee;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that make no sense are refused before any JVM is looked at. */
class KneeUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from 40%                          | which promise? --slo p99=200ms",
        "--slo p98=1s                        | a promise is a percentile and its time",
        "--slo p99=1s --rate 5/s             | are of the client: give its --url",
        "--slo p99=1s --within 5s            | are of the client: give its --url",
        "--slo p99=1s --from 90% --to 80%    | --from is above --to",
        "--slo p99=1s --to 80% --expect 81%  | --expect is above --to",
        "--slo p99=1s --from 0.4             | a share is a whole percentage of 1% to 99%",
        "--slo p99=1s --to 100%              | a share is a whole percentage of 1% to 99%",
        "--slo p99=1s --measure 10ms         | a measurement takes 1s to 1h",
        "--slo p99=1s --report knee.pdf      | the report is a page: its name ends with .html",
        "--slo p99=1s --report /none/k.html  | the directory of --report does not exist",
        "--slo p99=1s --stop-if gc>200%      | a share is a percentage below 100%",
        "--slo p99=1s -n a/b                 | a name is",
        "--slo p99=1s --url localhost        | a URL is http://HOST",
        "--slo p99=10s --url http://h/       | each time of --slo must be shorter",
        "--slo p50=1s,max=9s --url http://h/ --within 9s | each time of --slo must be shorter",
        "--slo p99=1s --url http://h/ --within 2h | a time limit of an answer is 1ms to 20s",
      })
  void theRefusalNamesTheRule(String words, String rule) {
    Cli refused = InProcess.run((Object[]) ("knee 1 " + words.strip()).split(" +"));
    assertThat(refused.code()).as(refused.out()).isEqualTo(2);
    assertThat(refused.out()).contains(rule);
  }
}
