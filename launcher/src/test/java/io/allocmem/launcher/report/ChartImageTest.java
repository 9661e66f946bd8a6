package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Records;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Picture of a chart with missing values. */
class ChartImageTest {
  private static final int RSS = 0xff000000 | Palette.RSS.light();

  /** First column of the chart; the legend's sample of the line is left of it. */
  private static final int CHART = 84;

  @TempDir private Path directory;

  private Recording recording(Records records) throws IOException {
    return Recording.read(records.writeTo(directory));
  }

  @Test
  void aServiceThatDoesNotSayItsNameHasNone() throws IOException {
    Records nameless = new Records().add(1, "HOLDING").with("mainClass", null);
    assertThat(Headline.of(recording(nameless)).title()).isEqualTo("-, JVM 4711");
    assertThat(Headline.of(recording(Records.stairs())).title()).isEqualTo("Service, JVM 4711");
  }

  @Test
  void whatWasNotMeasuredIsAGap() throws IOException {
    Records whole = new Records();
    Records half = new Records();
    for (int i = 0; i < 9; i++) {
      whole.add(1, "HOLDING");
      half.add(1, "HOLDING").with("rss", i >= 3 && i <= 5 ? null : 65 * Records.MIB);
    }
    assertThat(gap(recording(whole))).isZero();
    assertThat(gap(recording(half))).isGreaterThan(300);
    assertThat(gap(recording(new Records().add(1, "HOLDING").with("rss", null)))).isEqualTo(-1);
  }

  /**
   * Returns the greatest number of adjacent columns without a line, between the line's ends; -1
   * without any line.
   */
  private static int gap(Recording recording) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(ChartImage.png(recording)));
    int[] columns =
        IntStream.range(CHART, image.getWidth()).filter(x -> isLineAt(image, x)).toArray();
    return IntStream.range(1, columns.length)
        .map(i -> columns[i] - columns[i - 1] - 1)
        .max()
        .orElse(-1);
  }

  private static boolean isLineAt(BufferedImage image, int x) {
    return IntStream.range(0, image.getHeight()).anyMatch(y -> image.getRGB(x, y) == RSS);
  }
}
