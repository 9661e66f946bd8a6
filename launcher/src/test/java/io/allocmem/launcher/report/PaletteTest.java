package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Colours of lines that all readers can distinguish, light and dark. */
class PaletteTest {
  /** Differences from 10 on are seen at first sight. */
  private static final double LEAST = 10;

  /** Least contrast of graphics with their ground (WCAG 2.1, criterion 1.4.11), and of text. */
  private static final double GRAPHICS = 3;

  private static final double TEXT = 4.5;

  private static final List<ToIntFunction<Palette>> SCHEMES =
      List.of(Palette::light, Palette::dark);

  private static List<Palette> lines() {
    return Stream.of(Palette.values()).filter(Palette::isLine).toList();
  }

  @ParameterizedTest
  @EnumSource(ColourVision.class)
  void eachPairOfLinesDiffers(ColourVision vision) {
    for (ToIntFunction<Palette> scheme : SCHEMES) {
      for (Palette one : lines()) {
        for (Palette other : lines()) {
          if (one.compareTo(other) < 0) {
            assertThat(vision.difference(scheme.applyAsInt(one), scheme.applyAsInt(other)))
                .as("%s and %s, %s", one, other, vision)
                .isGreaterThanOrEqualTo(LEAST);
          }
        }
      }
    }
  }

  @Test
  void linesAndTextsContrastWithTheGround() {
    for (ToIntFunction<Palette> scheme : SCHEMES) {
      int paper = scheme.applyAsInt(Palette.PAPER);
      for (Palette line : lines()) {
        assertThat(ColourVision.contrast(scheme.applyAsInt(line), paper))
            .as("%s", line)
            .isGreaterThanOrEqualTo(GRAPHICS);
      }
      for (Palette ground : List.of(Palette.PAPER, Palette.PANEL)) {
        for (Palette text : List.of(Palette.TEXT, Palette.FAINT)) {
          assertThat(ColourVision.contrast(scheme.applyAsInt(text), scheme.applyAsInt(ground)))
              .as("%s on %s", text, ground)
              .isGreaterThanOrEqualTo(TEXT);
        }
      }
    }
  }

  @Test
  void aPairThatIsAlikeForSomeReadersIsFound() {
    assertThat(ColourVision.NORMAL.difference(0xd97706, 0x059669)).isGreaterThan(LEAST);
    assertThat(ColourVision.DEUTERANOPIA.difference(0x8a7400, 0xb35a00)).isLessThan(LEAST);
  }

  /** Pairs of the supplementary test data of Sharma, Wu and Dalal. */
  @ParameterizedTest
  @CsvSource({
    "50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425",
    "50, -1, 2, 50, 0, 0, 2.3669",
    "50, 2.49, -0.001, 50, -2.49, 0.0009, 7.1792",
    "60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644",
    "2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082"
  })
  void theDifferenceIsThatOfThePublishedData(
      double l1, double a1, double b1, double l2, double a2, double b2, double difference) {
    assertThat(ColourVision.difference(new double[] {l1, a1, b1}, new double[] {l2, a2, b2}))
        .isCloseTo(difference, within(0.0001));
  }
}
