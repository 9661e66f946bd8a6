package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comparison of a requested plan with the held plan of the same name. */
class HeldAlreadyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x=9,e=1s,by=me; x=9,e=1s,log=off; true",
        "x=9,e=1s; x=9,e=2s; false",
        "x=50%,e=1s; x=64,e=1s; true",
        "x=50%,e=1s; x=64,e=2s; false",
        "x=50%,over=1m; x=61,e=1s; true",
        "x=61,over=1m; x=61,e=1s; true",
        "x=61,over=1m; x=61,e=2s; false",
        "x=50%,over=1m; x=61,e=1s,a=native; false",
        "x=9,keep-free=9; x=9,keep-free=9,reserve=120; true",
        "x=9,keep-free=9,reserve=120; x=9,keep-free=9,reserve=120; true",
        "x=9,keep-free=9,reserve=1g; x=9,keep-free=9,reserve=120; false"
      })
  void aRepeatedRequestIsTheSameEvenIfTheAgentHasMadeBytesAndADelayOfAShare(
      String asked, String held, boolean same) throws InvalidArguments {
    assertThat(HeldAlready.isSame(AgentArguments.parse(asked), AgentArguments.parse(held)))
        .isEqualTo(same);
  }
}
