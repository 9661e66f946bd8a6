package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import org.junit.jupiter.api.Test;
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
        "m=100,x=50%; blocks of 100 MiB up to 50 % of the Java heap, 100 % of each touched",
        "until=85%,a=native; blocks of 1 MiB until 85 % of the container or machine is used, 100 % of each touched",
        "m=100,x=0,f=25%; blocks of 100 MiB until memory runs out, 25 % of each touched"
      })
  void saysInOneSentenceWhatItWillDo(String arguments, String sentence) throws InvalidArguments {
    assertThat(AgentArguments.parse(arguments).toHuman()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "20m, 0.25, 2, 6m",
    "20m, 0.3, 2, 6m",
    "20m, 1, 2, 20m",
    "20m, 0, 2, 0m",
    "3m, 1, 2, 3m"
  })
  void touchedBytesAreWholePagesOfTheKind(String block, String fill, long mib, String touched)
      throws InvalidArguments {
    HoldPlan plan =
        AgentArguments.parse("x=100,a=native,pages=huge,m=%s,f=%s".formatted(block, fill));
    assertThat(plan.on(mib << 20).touchedPerBlock()).hasToString(touched);
  }

  @Test
  void thePagesOfThePlanAreNamed() throws InvalidArguments {
    assertThat(AgentArguments.parse("x=100,m=20,f=0.25,a=native,pages=huge").on(2 << 20).toHuman())
        .isEqualTo("5 blocks of 20 MiB = 100 MiB, 30 MiB touched in huge pages");
    assertThat(AgentArguments.parse("x=50%,a=mapped,pages=locked").toHuman())
        .endsWith("100 % of each touched in locked pages");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "m=4,x=50%,then=cycle,hold=1s; 1000; 125 blocks of 4 MiB = 500 MiB, 500 MiB touched",
        "m=4,x=100; 10; 25 blocks of 4 MiB = 100 MiB, 100 MiB touched"
      })
  void aShareBecomesASumWhereTheCapacityIsKnown(String arguments, long mib, String sentence)
      throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse(arguments).within(mib << 20);
    assertThat(plan.toHuman()).isEqualTo(sentence);
    assertThat(AgentArguments.print(AgentArguments.parse(AgentArguments.print(plan))))
        .isEqualTo(AgentArguments.print(plan));
  }
}
