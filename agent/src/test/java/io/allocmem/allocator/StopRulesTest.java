package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Reading;
import io.allocmem.plan.HoldPlan;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stop conditions of a plan, with readings and times of the test. */
class StopRulesTest {
  private static final long MILLIS = 1_000_000;

  /** nanoTime has any value, even below zero. */
  private static final long START = Long.MIN_VALUE / 2;

  private PlanState state;
  private StopRules rules;

  @BeforeEach
  void plain() throws InvalidArguments {
    rules("gc>40%");
  }

  private void rules(String conditions) throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("x=1,stop-if=" + conditions);
    state = new PlanState(plan);
    state.set(Reading.STOPPED, 0);
    state.set(Reading.BLOCKS, 1);
    rules = new StopRules(plan);
    rules.warmUp();
  }

  private boolean stopsAt(long millis, Reading reading, long value) {
    state.set(reading, value);
    rules.apply(state, START + millis * MILLIS);
    assertThat(state.isReleasing()).isEqualTo(rules.hasStopped());
    assertThat(state.get(Reading.STOPPED)).isEqualTo(rules.hasStopped() ? 1 : 0);
    return rules.hasStopped();
  }

  private String finding() {
    AsciiLine line = new AsciiLine(200);
    rules.appendFinding(line);
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({
    "gc>40%, GC_OF_PROCESS_1S, 400",
    "psi>12.5%, PRESSURE_1S, 125",
    "stall.p50>5ms, STALL_P50, 5000",
    "stall.p99>500ms, STALL_P99, 500000",
    "stall.p99.9>500ms, STALL_P999, 500000",
    "stall.max>1s, STALL_MAX, 1000000"
  })
  void aValueAboveTheLimitStopsAtOnce(String condition, Reading reading, long limit)
      throws InvalidArguments {
    rules(condition);
    assertThat(stopsAt(0, reading, limit)).as("equal is not above").isFalse();
    assertThat(stopsAt(50, reading, limit + 1)).isTrue();
    assertThat(state.reason()).isEqualTo("stop-if=" + condition);
  }

  @Test
  void anUnknownReadingNeverStops() throws InvalidArguments {
    rules("gc>0.1%;psi>0.1%;pause>1ms;stall.max>1ms");
    for (int second = 0; second < 100; second++) {
      rules.apply(state, START + second * 1000 * MILLIS);
    }
    assertThat(state.isReleasing()).isFalse();
    assertThat(finding()).isEmpty();
  }

  @Test
  void beforeTheFirstBlockNothingStops() {
    state.set(Reading.BLOCKS, 0);
    assertThat(stopsAt(0, Reading.GC_OF_PROCESS_1S, 900)).isFalse();
    state.set(Reading.BLOCKS, 1);
    assertThat(stopsAt(50, Reading.GC_OF_PROCESS_1S, 900)).isTrue();
  }

  @Test
  void aConditionWithoutAFigureIsRefused() throws Exception {
    rules("stall.max>1s;psi>30%");
    assertThatIOException()
        .isThrownBy(() -> rules.requireFigures(state))
        .withMessage(
            "stop-if=psi>30% can never hold: pressureMillis is not known here;"
                + " give a condition on stalls, stall.max>1s");
    state.set(Reading.PRESSURE_MILLIS, 0);
    rules.requireFigures(state);
  }

  @Test
  void aConditionWithATimeHoldsForThatTime() throws InvalidArguments {
    rules("gc>40% for 10s");
    assertThat(stopsAt(0, Reading.GC_OF_PROCESS_1S, 500)).isFalse();
    assertThat(stopsAt(9_999, Reading.GC_OF_PROCESS_1S, 900)).isFalse();
    assertThat(stopsAt(10_000, Reading.GC_OF_PROCESS_1S, 401)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"400", "-1"})
  void aTimeBeginsAgainAfterALookBelowTheLimitOrAnUnknownOne(long below) throws InvalidArguments {
    rules("gc>40% for 10s");
    stopsAt(0, Reading.GC_OF_PROCESS_1S, 500);
    stopsAt(9_900, Reading.GC_OF_PROCESS_1S, below);
    assertThat(stopsAt(9_950, Reading.GC_OF_PROCESS_1S, 500)).isFalse();
    assertThat(stopsAt(19_949, Reading.GC_OF_PROCESS_1S, 500)).isFalse();
    assertThat(stopsAt(19_950, Reading.GC_OF_PROCESS_1S, 500)).isTrue();
  }

  @Test
  void ofPausesTheIncreaseSinceTheLastLookCounts() throws InvalidArguments {
    rules("pause>2s");
    assertThat(stopsAt(0, Reading.PAUSE_MILLIS, 60_000)).as("pauses before the plan").isFalse();
    assertThat(stopsAt(50, Reading.PAUSE_MILLIS, 62_000)).isFalse();
    assertThat(stopsAt(100, Reading.PAUSE_MILLIS, 63_500)).as("two pauses").isFalse();
    assertThat(stopsAt(150, Reading.PAUSE_MILLIS, 65_501)).isTrue();
    assertThat(finding()).isEqualTo("released by stop-if=pause>2s: measured 2001 ms");
  }

  @Test
  void theFirstConditionThatHoldsIsTheReason() throws InvalidArguments {
    rules("stall.max>1s;gc>40%;gc>30%");
    assertThat(stopsAt(0, Reading.GC_OF_PROCESS_1S, 557)).isTrue();
    assertThat(stopsAt(50, Reading.STALL_MAX, 9_000_000)).isTrue();
    assertThat(finding()).isEqualTo("released by stop-if=gc>40%: measured 55.7 %");
  }

  @Test
  void aPlanThatIsReleasingIsNotStopped() {
    state.release("the duration is over");
    state.set(Reading.GC_OF_PROCESS_1S, 999);
    rules.apply(state, START);
    assertThat(rules.hasStopped()).isFalse();
    assertThat(state.get(Reading.STOPPED)).isZero();
    assertThat(state.reason()).isEqualTo("the duration is over");
  }

  @Test
  void withoutConditionsNothingStops() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("x=1");
    rules = new StopRules(plan);
    assertThat(stopsAt(0, Reading.GC_OF_PROCESS_1S, 1000)).isFalse();
  }

  @Test
  void theWarmUpLeavesNoFinding() {
    assertThat(rules.hasStopped()).isFalse();
    assertThat(finding()).isEmpty();
  }
}
