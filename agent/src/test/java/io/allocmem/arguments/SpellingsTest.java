package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.plan.HoldPlan;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments with several spellings: words in any case, times, rates and presets. */
class SpellingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x=1,a=Native; x=1,a=native",
        "x=1,a=OFFHEAP; x=1,a=native",
        "x=1,a=off-heap; x=1,a=native",
        "x=1,then=Ramp-Down; x=1,then=ramp-down",
        "x=1,oom=ALLOW; x=1,oom=allow",
        "x=1,k=Off; x=1,k=off",
        "x=1,b=TRUE; x=1,b",
        "x=1,jmx=False; x=1,jmx=off",
        "x=1,jmx=AUTO; x=1,jmx=auto",
        "x=1,log=OFF; x=1,log=off",
        "x=1,log=Stderr; x=1,log=stderr"
      })
  void aWordIsReadInAnyCase(String given, String meant) throws InvalidArguments {
    assertThat(AgentArguments.print(AgentArguments.parse(given)))
        .isEqualTo(AgentArguments.print(AgentArguments.parse(meant)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"w=90", "d=90", "lease=90", "then=release,hold=90"})
  void aTimeWithoutAUnitIsAskedAboutUnlessTheTimeIsTheDelay(String arguments)
      throws InvalidArguments {
    assertThatThrownBy(() -> AgentArguments.parse("x=1," + arguments))
        .hasMessageContaining("=90: 90 what? 90s or 90ms");
    assertThat(AgentArguments.parse("x=1,e=90").delay()).isEqualTo(Duration.ofMillis(90));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x=100,rate=10m/s; x=100,e=100",
        "x=100,rate=10/s; x=100,e=100",
        "x=100,rate=10 MiB / s; x=100,e=100",
        "x=100,rate=600m/min; x=100,e=100",
        "x=100,rate=3g/5min; x=100,e=97.656ms",
        "x=100,m=10,rate=10m/s; x=100,m=10,e=1s",
        "until=50%,m=1,rate=1g/s; until=50%,m=1,e=0.977ms",
        "x=9,rate=9m/s,then=rotate; x=9,e=111.111ms,then=rotate",
        "x=601,over=10m; x=601,e=1s",
        "x=100,m=10,over=9s; x=100,m=10,e=1s",
        "x=2g,over=1h; x=2g,e=1758.671ms",
        "x=100,rate=1m/365d; x=100,e=365d",
        "x=9,over=0; x=9"
      })
  void aRateAndATimeToTheLimitAreOtherSpellingsOfADelay(String given, String meant)
      throws InvalidArguments {
    assertThat(AgentArguments.print(AgentArguments.parse(given)))
        .isEqualTo(AgentArguments.print(AgentArguments.parse(meant)));
  }

  /** Only the JVM knows the capacity behind a percentage. */
  @Test
  void aTimeToAShareBecomesADelayWithTheCapacity() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("x=50%,m=10,over=9s,then=rotate");
    assertThat(AgentArguments.print(plan)).contains(",x=50%,").contains(",over=9s,");
    HoldPlan inside = plan.within(200 << 20);
    assertThat(AgentArguments.print(inside))
        .isEqualTo(AgentArguments.print(AgentArguments.parse("x=100,m=10,e=1s,then=rotate")));
  }

  /** The preflight refuses the plan before. */
  @Test
  void aShareOfOneBlockMakesAPlanAllTheSame() throws InvalidArguments {
    HoldPlan inside = AgentArguments.parse("x=1%,over=5s").within(100 << 20);
    assertThat(inside.limit().blocksOf(inside.blockSize())).isEqualTo(1);
  }

  @Test
  void aGivenOptionIsNoOptionOfThePreset() {
    assertThat(Preset.optionsFor(Map.of(PlanOption.PRESET, "slow-leak", PlanOption.BLOCK, "1")))
        .isEqualTo(Map.of(PlanOption.LIMIT, "50%", PlanOption.DELAY, "1s"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "preset=slow-leak; m=5,x=50%,e=1s",
        "preset=NEAR-FULL; until=85%",
        "preset=above-xmx; m=64,x=512,a=native",
        "preset=churn; m=5,x=60%,e=100,then=rotate,a=objects",
        "preset=saw-tooth; m=10,x=60%,e=500,then=cycle,hold=5s",
        "preset=slow-leak,x=1g; m=5,x=1g,e=1s",
        "preset=slow-leak,until=70%; m=5,until=70%,e=1s",
        "preset=slow-leak,rate=10m/s; m=5,x=50%,e=500",
        "preset=slow-leak,x=100,over=19s; m=5,x=100,e=1s",
        "preset=near-full,x=9; x=9",
        "preset=saw-tooth,until=70%; m=10,until=70%,e=500",
        "preset=saw-tooth,then=hold; m=10,x=60%,e=500",
        "preset=saw-tooth,hold=9s,a=direct; m=10,x=60%,e=500,then=cycle,hold=9s,a=direct",
        "preset=churn,keep-free=9%,e=1s,w=1s,d=1h,lease=9s;"
            + " m=5,x=60%,then=rotate,a=objects,keep-free=9%,e=1s,w=1s,d=1h,lease=9s"
      })
  void aPresetStandsForItsOptionsAndAGivenOptionReplacesThem(String given, String meant)
      throws InvalidArguments {
    assertThat(AgentArguments.print(AgentArguments.parse(given)))
        .isEqualTo(AgentArguments.print(AgentArguments.parse(meant)));
  }

  @Test
  void thePresetsInTheHelpAreThePresetsThatAre() {
    for (Preset preset : Preset.values()) {
      assertThat(PlanOption.PRESET.help()).contains(preset.toString());
    }
  }

  /** The control file of an agent 0.1.0 has such a text. */
  @Test
  void timesThatTheFirstVersionPrintedAreMilliseconds() throws InvalidArguments {
    String printed =
        "m=1m,x=7m,keep-free=0,f=1,k=on,e=50,w=200,d=90000,lease=30000,then=release,hold=500,"
            + "b=false,oom=refuse,p=0,a=heap,n=default,l=false,log=stderr,jmx=auto";
    assertThat(AgentArguments.print(AgentArguments.parse(printed)))
        .contains(",e=50ms,w=200ms,d=90s,lease=30s,then=release,hold=500ms,");
  }

  @Test
  void aDelayBelowAMillisecondIsShownAsOneMillisecond() throws Exception {
    assertThat(AgentArguments.parse("m=1,x=10,rate=4g/s").delayMillis()).isEqualTo(1);
    assertThat(AgentArguments.parse("m=1,x=10").delayMillis()).isZero();
  }
}
