package io.allocmem.readings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StallHistogramTest {
  private final StallHistogram histogram = new StallHistogram();

  @Test
  void percentilesAreAtMostASixtyFourthTooLong() {
    Random random = new Random(7);
    long[] values = new long[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 20);
      histogram.add(values[i]);
    }
    Arrays.sort(values);
    for (int thousandths : new int[] {1, 500, 900, 990, 999, 1000}) {
      long exact = values[(int) Math.ceil(values.length * (thousandths / 1000.0)) - 1];
      assertThat(histogram.percentile(thousandths)).isBetween(exact, exact + exact / 64 + 1);
    }
    assertThat(histogram.most()).isEqualTo(values[values.length - 1]);
  }

  @Test
  void aLongStallCountsForEachTurnThatItHeldUp() {
    for (int i = 0; i < 9000; i++) {
      histogram.addWithOmitted(0, 1000);
    }
    histogram.addWithOmitted(1_000_000, 1000);
    assertThat(histogram.count()).isEqualTo(9000 + 1000);
    assertThat(histogram.percentile(990)).isBetween(890_000L, 920_000L);
  }

  @Test
  void nothingWasMeasured() {
    assertThat(histogram.percentile(990)).isZero();
  }

  @Test
  void valuesBeyondTheLastBucketKeepTheirLength() {
    histogram.add(Long.MAX_VALUE / 2);
    assertThat(histogram.most()).isEqualTo(Long.MAX_VALUE / 2);
    assertThat(histogram.count()).isEqualTo(1);
  }

  @Test
  void clearForgetsAndAddAllAdds() {
    histogram.add(5);
    StallHistogram all = new StallHistogram();
    all.addAll(histogram);
    all.addAll(histogram);
    histogram.clear();
    assertThat(histogram.count()).isZero();
    assertThat(all.count()).isEqualTo(2);
    assertThat(all.percentile(500)).isEqualTo(5);
  }
}
