package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading.Unit;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Round labels, in the units of people. */
class AxisTest {
  private static final long MIB = 1L << 20;

  private static List<String> labels(long bytes) {
    return labels(Unit.BYTES, bytes);
  }

  private static List<String> labels(Unit unit, long value) {
    ValueAxis axis = ValueAxis.upTo(unit, value, 170);
    return axis.labels().stream().map(axis::label).toList();
  }

  @Test
  void sizesAreInMibAndGib() {
    assertThat(labels(400 * MIB)).containsExactly("0", "100 MiB", "200 MiB", "300 MiB", "400 MiB");
    assertThat(labels(2000 * MIB)).containsExactly("0", "0.5 GiB", "1 GiB", "1.5 GiB", "2 GiB");
    assertThat(labels(0)).startsWith("0", "0.25 MiB");
  }

  @Test
  void sharesAreInPercentAndStallsInMillisecondsOrSeconds() {
    assertThat(labels(Unit.THOUSANDTHS, 1000))
        .containsExactly("0", "25 %", "50 %", "75 %", "100 %");
    assertThat(labels(Unit.THOUSANDTHS, 0)).startsWith("0", "0.25 %");
    assertThat(labels(Unit.MICROS, 80_000))
        .containsExactly("0", "20 ms", "40 ms", "60 ms", "80 ms");
    assertThat(labels(Unit.MICROS, 2_000_000)).containsExactly("0", "0.5 s", "1 s", "1.5 s", "2 s");
  }

  @Test
  void theHighestValueIsWithinTheChart() {
    for (long bytes = 1; bytes > 0 && bytes < Long.MAX_VALUE / 2; bytes *= 2) {
      ValueAxis axis = ValueAxis.upTo(Unit.BYTES, bytes, 170);
      assertThat(axis.height(Long.valueOf(bytes))).isBetween(0, 169);
      assertThat(axis.labels()).hasSizeBetween(2, 7);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5000, 944, 0 s·0.5 s",
    "60000, 944, 0·5 s",
    "7200000, 944, 0·10 min·20 min",
    "7200000, 358, 0·30 min·60 min",
    "86400000, 944, 0·2 h",
    "864000000, 944, 0·1 d"
  })
  void timesAreSecondsMinutesHoursOrDays(long millis, int width, String begin) {
    assertThat(times(millis, width)).startsWith(begin.replace("0 s·", "0·"));
  }

  /** A record may have any two times, and their difference any sign. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, 1})
  void aRecordOfAnyDurationHasAnAxis(long millis) {
    assertThat(times(millis, 944).split("·").length).isBetween(1, 16);
    TimeAxis axis = new TimeAxis(millis, 60, 936);
    assertThat(axis.column(Long.MIN_VALUE)).isEqualTo(60);
    assertThat(axis.column(Long.MAX_VALUE)).isEqualTo(936);
  }

  private static String times(long millis, int width) {
    SvgCanvas canvas = new SvgCanvas();
    new TimeAxis(millis, 60, width - 8).labels(canvas, 0);
    return canvas
        .elements()
        .lines()
        .map(line -> line.replaceAll("<[^>]*>", ""))
        .collect(Collectors.joining("·"));
  }

  @ParameterizedTest
  @CsvSource({"1500, 1.5 s", "125000, 2 min 5 s", "6720000, 1 h 52 min", "86400000, 1 d"})
  void aPeriodHasTwoUnitsAtMost(long millis, String words) {
    assertThat(TimeAxis.period(millis)).isEqualTo(words);
  }
}
