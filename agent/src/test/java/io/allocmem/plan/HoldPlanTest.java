package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldPlanTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "m=100,x=2048,f=0.25; 21 blocks of 100 MiB = 2100 MiB, 525 MiB touched",
        "m=100,x=2000; 20 blocks of 100 MiB = 2000 MiB, 2000 MiB touched",
        "m=1,x=1,f=0; 1 block of 1 MiB = 1 MiB, 0 MiB touched",
        "m=512k,x=1,f=50%; 2 blocks of 512 KiB = 1 MiB, 512 KiB touched",
        "m=100,x=0,f=25%; blocks of 100 MiB until memory runs out, 25 % of each touched"
      })
  void saysInOneSentenceWhatItWillDo(String arguments, String sentence) throws InvalidArguments {
    assertThat(AgentArguments.parse(arguments).toHuman()).isEqualTo(sentence);
  }
}
