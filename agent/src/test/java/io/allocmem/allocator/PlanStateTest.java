package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Transitions between the phases of a plan. */
class PlanStateTest {
  private static PlanState stateOf(String arguments) throws InvalidArguments {
    return new PlanState(AgentArguments.parse(arguments));
  }

  @Test
  void aPlanStartsWithAllocatingUnlessToldToWait() throws Exception {
    assertThat(stateOf("x=1").phase()).isEqualTo(Phase.ALLOCATING);
    assertThat(stateOf("x=1,w=5s").phase()).isEqualTo(Phase.WAITING);
    assertThat(stateOf("x=1,b").phase()).isEqualTo(Phase.WAITING);
  }

  @Test
  void aResumeReturnsToThePhaseBeforeThePause() throws Exception {
    PlanState state = stateOf("x=1,w=5s");
    for (Phase phase : new Phase[] {Phase.WAITING, Phase.HOLDING, Phase.GUARDED}) {
      state.enter(phase);
      assertThat(state.pause()).isTrue();
      assertThat(state.phase()).isEqualTo(Phase.PAUSED);
      assertThat(state.pause()).as("paused already").isFalse();
      assertThat(state.resume()).isTrue();
      assertThat(state.phase()).isEqualTo(phase);
    }
  }

  @Test
  void aPausedPlanEntersAPhaseAtTheResume() throws Exception {
    PlanState state = stateOf("x=1");
    state.pause();
    state.enter(Phase.HOLDING);
    assertThat(state.phase()).isEqualTo(Phase.PAUSED);
    state.resume();
    assertThat(state.phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void aPausedPlanEndsWithoutAResume() throws Exception {
    PlanState state = stateOf("x=1");
    state.pause();
    state.enter(Phase.RELEASED);
    assertThat(state.phase()).isEqualTo(Phase.RELEASED);
  }

  @Test
  void aResumeStartsAWaitingPlanAndLetsAnExhaustedPlanTryAgain() throws Exception {
    PlanState state = stateOf("x=1,w=5s");
    assertThat(state.resume()).isTrue();
    assertThat(state.phase()).isEqualTo(Phase.ALLOCATING);
    state.enter(Phase.EXHAUSTED);
    assertThat(state.resume()).isTrue();
    assertThat(state.phase()).isEqualTo(Phase.ALLOCATING);
    state.enter(Phase.EXHAUSTED);
    state.pause();
    assertThat(state.resume()).isTrue();
    assertThat(state.phase()).isEqualTo(Phase.ALLOCATING);
    assertThat(state.resume()).as("nothing to resume").isFalse();
  }

  @Test
  void aPlanThatWaitsForAResumeCannotBePaused() throws Exception {
    PlanState state = stateOf("x=1,b");
    assertThat(state.pause()).isFalse();
    assertThat(state.phase()).isEqualTo(Phase.WAITING);
  }

  @Test
  void aPlanReachesItsLimitUntilABlockIsRefused() throws Exception {
    PlanState state = stateOf("x=1");
    assertThat(state.get(Reading.REACHED)).isZero();
    state.enter(Phase.HOLDING);
    state.enter(Phase.ROTATING);
    assertThat(state.get(Reading.REACHED)).isOne();
    for (Phase refused : new Phase[] {Phase.GUARDED, Phase.EXHAUSTED}) {
      state.enter(Phase.HOLDING);
      state.enter(refused);
      state.enter(Phase.ALLOCATING);
      assertThat(state.get(Reading.REACHED)).isZero();
    }
    state.enter(Phase.RELEASED);
    assertThat(state.get(Reading.REACHED)).isZero();
  }

  @Test
  void aPlanThatTakesAllReachesItsAimAtTheRefusal() throws Exception {
    for (Phase refused : new Phase[] {Phase.GUARDED, Phase.EXHAUSTED}) {
      PlanState state = stateOf("x=0");
      assertThat(state.get(Reading.REACHED)).isZero();
      state.enter(refused);
      assertThat(state.get(Reading.REACHED)).isOne();
    }
    PlanState follows = stateOf("until=80%");
    follows.enter(Phase.EXHAUSTED);
    assertThat(follows.get(Reading.REACHED)).isZero();
  }

  @Test
  void theFirstReasonOfAReleaseStays() throws Exception {
    PlanState state = stateOf("x=1");
    assertThat(state.staysIn(Phase.ALLOCATING)).isTrue();
    assertThat(state.isReleasing()).isFalse();
    assertThat(state.release("the duration is over")).isTrue();
    assertThat(state.release(null)).isFalse();
    assertThat(state.isReleasing()).isTrue();
    assertThat(state.reason()).isEqualTo("the duration is over");
    assertThat(state.staysIn(Phase.ALLOCATING)).isFalse();
  }

  @Test
  void theMessageAndTheNoteOnTheLogMakeOneMessage() throws Exception {
    PlanState state = stateOf("x=1");
    assertThat(text(state.wholeMessage())).isEmpty();
    state.logNote.append("3 lines dropped");
    assertThat(text(state.wholeMessage())).isEqualTo("3 lines dropped");
    state.message.append("exhausted");
    assertThat(text(state.wholeMessage())).isEqualTo("exhausted; 3 lines dropped");
  }

  private static String text(AsciiLine line) {
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }
}
