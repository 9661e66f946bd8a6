package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that make no sense together are refused before any JVM is looked at. */
class ManyUsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attach 1 --all -x 1                   | leave out the PID",
        "attach --match a 1 -x 1               | leave out the PID",
        "release 1 --match a                   | leave out the PID",
        "attach --all --match a -x 1           | --all is every JVM, and --match chooses",
        "attach 1 -x 1 --at-most 3             | need --all or --match",
        "status --percent 30                   | need --all or --match",
        "pause --stagger 1s                    | need --all or --match",
        "resume --seed 3                       | need --all or --match",
        "attach --match a -x 1 --seed 3        | --seed draws the share of --percent",
        "attach --match a -x 1 --at-most 0     | 1 or more",
        "attach --match a -x 1 --percent 0     | a share is 1 to 100 percent",
        "attach --match a -x 1 --percent 101   | a share is 1 to 100 percent",
        "attach --match colour=red -x 1        | a key is one of",
        "attach --match a -x 1 --stagger 10    | 10 what? 10s or 10ms",
        "attach --match a -x 1 --watch         | --watch and --record show one JVM",
        "attach --match a -x 1 --hold --record r.jsonl | --watch and --record show one JVM",
        "status --match a --follow             | --follow shows one JVM",
        "watch --all                           | Unknown option: '--all'",
        "attach --match a -x 1 --hold --wait   | give one of them",
      })
  void theRefusalNamesTheRule(String words, String rule) {
    Cli refused = InProcess.run((Object[]) words.strip().split(" "));
    assertThat(refused.code()).as(refused.out()).isEqualTo(2);
    assertThat(refused.out()).contains(rule);
  }
}
