package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Failures count in a row only. */
class FailureCountTest {
  @Test
  void aPassedCheckBeginsTheCountAnew() {
    FailureCount count = new FailureCount(3);
    for (String failure : new String[] {"a", "b", null, "c", "d"}) {
      assertThat(count.add(failure)).as(failure).isFalse();
    }
    assertThat(count.add("e")).isTrue();
    assertThat(count.toHuman()).isEqualTo("the service's own check failed, 3 of 3 in a row; e");
    assertThat(count.fields())
        .containsEntry("checks", 6L)
        .containsEntry("failuresInARow", 3)
        .containsEntry("lastFailure", "e");
  }

  @Test
  void theNextJvmBeginsTheCountAnew() {
    FailureCount count = new FailureCount(2);
    count.add("a");
    count.reset();
    assertThat(count.add("b")).isFalse();
    assertThat(count.add("c")).isTrue();
  }

  @Test
  void aSingleFailureCanBeTooMany() {
    assertThat(new FailureCount(1).add("a")).isTrue();
    assertThat(new FailureCount(1).add(null)).isFalse();
  }
}
