package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EffectTargetTest {
  @ParameterizedTest
  @CsvSource({"gc:25%, GC, 250", "pause:10.5%, PAUSE, 105", "psi:1%, PSI, 10", "gc:90.0%, GC, 900"})
  void readsAnEffectAndAShare(String text, Effect effect, long thousandths) {
    EffectTarget target = EffectTarget.parse(text);
    assertThat(target.effect()).isEqualTo(effect);
    assertThat(target.thousandths()).isEqualTo(thousandths);
    assertThat(EffectTarget.parse(target.toString()).toString()).isEqualTo(target.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gc:",
        "gc:25",
        ":25%",
        "gc:0%",
        "gc:0.9%",
        "gc:90.1%",
        "gc:100%",
        "gc:2.55%",
        "gc:.5%",
        "gc:-5%",
        "gc: 25%",
        "GC:25%",
        "stall.p99:5%",
        "heap:25%",
        "gc:25%%",
        "gc:25%:",
        "gc:9999%"
      })
  void refusesOtherTexts(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EffectTarget.parse(text))
        .withMessageContaining("gc:25%, pause:10% or psi:20%");
  }

  @Test
  void aPlanPrintsItsTargetAndHasALargestUsage() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("until=gc:25%");
    assertThat(AgentArguments.print(plan)).contains("until=gc:25%").doesNotContain(",x=");
    assertThat(AgentArguments.parse(AgentArguments.print(plan)).aim()).isEqualTo("gc:25%");
    assertThat(plan.until().toHuman()).isEqualTo("95 %");
    assertThat(plan.isGuarded()).isTrue();
    assertThat(plan.toHuman()).contains("until collections take 25% of its CPU time");
    assertThat(AgentArguments.parse("until=psi:20%,a=native").until().toHuman()).isEqualTo("97 %");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "until=gc:25%,a=native",
        "until=pause:10%,a=mapped",
        "until=psi:20%",
        "until=psi:20%,a=metaspace",
        "until=gc:25%,x=100",
        "until=gc:25%,t=2,a=heap",
        "until=gc:25%,then=release",
        "until=gc:25%,over=10s"
      })
  void refusesWhatContradictsATarget(String options) {
    assertThatThrownBy(() -> AgentArguments.parse(options)).isInstanceOf(InvalidArguments.class);
  }

  @Test
  void keepsHeadroomBesideATarget() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("until=gc:25%,keep-free=20%");
    Preflight preflight = new Preflight();
    preflight.capacity = 1 << 29;
    preflight.containerCapacity = 1L << 32;
    preflight.containerUsed = 0;
    assertThat(preflight.refusal(plan)).isNull();
  }
}
