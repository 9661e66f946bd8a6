package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Lines thinned to the columns of a picture. */
class StepsTest {
  private static final int GAP = Steps.GAP;

  private static String drawn(int[] columns, int... rows) {
    StringBuilder runs = new StringBuilder();
    for (int[] run : Steps.of(columns, rows).runs()) {
      runs.append(Arrays.toString(run));
    }
    return runs.toString();
  }

  @Test
  void aLevelLineIsTwoPoints() {
    assertThat(drawn(new int[] {0, 1, 2, 3}, 7, 7, 7, 7)).isEqualTo("[0, 7, 7, 7]");
  }

  @Test
  void aStepGoesLevelAndThenUp() {
    assertThat(drawn(new int[] {0, 5, 9}, 7, 3, 3)).isEqualTo("[0, 7, 5, 3, 13, 3]");
  }

  @Test
  void aColumnKeepsItsFirstLowestHighestAndLastValue() {
    assertThat(drawn(new int[] {4, 4, 4, 4, 4, 6}, 5, 6, 2, 9, 4, 4))
        .isEqualTo("[4, 5, 4, 9, 4, 2, 4, 4, 10, 4]");
  }

  @Test
  void aStepWithinAColumnIsOneStep() {
    assertThat(drawn(new int[] {4, 4, 6}, 9, 2, 2)).isEqualTo("[4, 9, 4, 2, 10, 2]");
    assertThat(drawn(new int[] {4, 4, 6}, 2, 9, 9)).isEqualTo("[4, 2, 4, 9, 10, 9]");
  }

  @Test
  void aMissingValueIsAGap() {
    assertThat(drawn(new int[] {0, 1, 2, 3, 4}, 7, 7, GAP, 5, 5))
        .isEqualTo("[0, 7, 2, 7][3, 5, 8, 5]");
    assertThat(drawn(new int[] {0, 1}, GAP, GAP)).isEmpty();
  }

  @Test
  void aSingleValueIsSeen() {
    assertThat(drawn(new int[] {3}, 7)).isEqualTo("[3, 7, 7, 7]");
  }

  @Test
  void manyValuesAreAtMostFourPointsAColumn() {
    SplittableRandom random = new SplittableRandom(14);
    int[] columns = new int[100_000];
    int[] rows = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i / 100;
      rows[i] = random.nextInt(200);
    }
    int[] run = Steps.of(columns, rows).runs().get(0);
    assertThat(run.length / 2).isLessThanOrEqualTo(4 * 1000 + 1);
    assertThat(Arrays.stream(run).max()).hasValue(999 + Steps.TAIL);
  }
}
