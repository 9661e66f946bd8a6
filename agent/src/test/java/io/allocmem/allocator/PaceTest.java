package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace(5);

  @Test
  void theFirstBlockIsDueAtOnceAndTheNextAfterTheDelay() {
    pace.start(1000);
    assertThat(pace.untilDue(1000)).isZero();
    pace.advance();
    assertThat(pace.untilDue(1000)).isEqualTo(5);
  }

  @Test
  void aSlowAllocationDoesNotPutOffTheOnesAfterIt() {
    pace.start(0);
    pace.advance();
    assertThat(pace.untilDue(12)).isNegative();
    pace.advance();
    pace.advance();
    assertThat(pace.untilDue(12)).isEqualTo(3); // the fourth block at 15, not at 12 + 3 * 5
  }

  @Test
  void aPauseIsNotMadeUpFor() {
    pace.start(0);
    pace.advance();
    pace.shift(100);
    assertThat(pace.untilDue(2)).isEqualTo(103);
  }
}
