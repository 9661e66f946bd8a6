package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals name options in the notation of the side that gave the options. */
class WordingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "words=launcher; how much? -x 512m, -x 50% or --until 85%",
        "x=5q,words=launcher; invalid option -x 5q: a size is",
        "x=1,until=9%,words=launcher; -x and --until exclude each other",
        "x=1,e=1s,rate=1m/s,words=launcher; -e, --rate and --over exclude each other",
        "x=1,over=1s,words=launcher; --over needs two blocks",
        "x=1,hold=1s,words=launcher; --hold-time has no effect with --then hold"
      })
  void aRefusalForTheLauncherHasTheWordsOfTheLauncher(String arguments, String sentence) {
    assertThatThrownBy(() -> AgentArguments.parse(arguments))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageStartingWith(sentence)
        .hasMessageNotContainingAny("options:", "=");
  }
}
