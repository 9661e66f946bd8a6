package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import org.junit.jupiter.api.Test;

/** Sentence on the time at the target. */
class TimeAtTargetTest {
  private static final long MIB = 1L << 20;

  private static Readings readings(long target, long onTarget, long total, long deviation) {
    Readings readings = new Readings();
    readings.set(Reading.TARGET, target);
    readings.set(Reading.ON_TARGET_MILLIS, onTarget);
    readings.set(Reading.TARGET_MILLIS, total);
    readings.set(Reading.LARGEST_DEVIATION, deviation);
    return readings;
  }

  @Test
  void theSentenceNamesTimeTargetAndLargestDeviation() {
    assertThat(TimeAtTarget.of(readings(400 * MIB, 58_249, 60_000, 14 * MIB)))
        .isEqualTo(
            "58.2 of 60.0 s within 1 % of the target of 400 MiB,"
                + " largest deviation 14 MiB (3.5 %)");
    assertThat(TimeAtTarget.of(readings(400 * MIB, 2000, 2000, 0)))
        .isEqualTo("2.0 of 2.0 s within 1 % of the target of 400 MiB, largest deviation none");
  }

  @Test
  void aTargetByEffectHasMeasuredShareErrorAndTime() {
    Readings readings = new Readings();
    readings.set(Reading.EFFECT_TARGET, 250);
    assertThat(TimeAtTarget.of(readings)).isEqualTo("target 25.0 %, nothing measured yet");
    readings.set(Reading.EFFECT_MEASURED, 241);
    assertThat(TimeAtTarget.of(readings))
        .isEqualTo("target 25.0 %, measured 24.1 % in the last 10 s (-0.9 points)");
    readings.set(Reading.TARGET_MILLIS, 60_000);
    readings.set(Reading.ON_TARGET_MILLIS, 58_249);
    assertThat(TimeAtTarget.of(readings)).endsWith("(-0.9 points), 58.2 of 60.0 s within 2 points");
  }

  @Test
  void aPlanThatWasNeverFullHasNoSentence() {
    assertThat(TimeAtTarget.of(new Readings())).isNull();
  }
}
