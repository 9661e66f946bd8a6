package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Chromium;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.TwoHours;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of two hours in a browser: on a screen, on a phone, on paper. */
class PageIT {
  private static final Duration OPENS = Duration.ofSeconds(2);

  /**
   * Measures the page once it is laid out, moves the mouse to the middle of the charts, and tells
   * the frame's parent.
   */
  private static final String PROBE =
      """
      <script>
      addEventListener('load', () => {
        const root = document.documentElement;
        const found = {overflow: root.scrollWidth - root.clientWidth, window: innerWidth};
        found.opened = Math.round(performance.now());
        const svg = [...document.querySelectorAll('svg')].find(s => s.getBoundingClientRect().width);
        const box = svg.getBoundingClientRect();
        svg.dispatchEvent(new PointerEvent('pointermove',
            {bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + 20}));
        found.cursor = svg.querySelector('.cursor').getAttribute('d');
        found.moved = [...svg.querySelectorAll('.moved')].map(text => text.textContent);
        parent.postMessage(JSON.stringify(found), '*');
      });
      </script>
      """;

  /** A window of any width: the browser's own has at least 500 pixels. */
  private static final String FRAME =
      """
      <body><script>onmessage = ({data}) => document.body.append(data)</script>
      <iframe src="probed.html" width="%d" height="900" frameborder="0"></iframe>
      """;

  @TempDir private static Path directory;

  private static Path page;

  @BeforeAll
  static void make() throws Exception {
    String html = HtmlReport.of(Recording.read(TwoHours.writeTo(directory)));
    page = Files.writeString(directory.resolve("page.html"), html);
    String open = html.replaceFirst("<meta http-equiv=[^>]*>", "").replace("</body>", PROBE);
    Files.writeString(directory.resolve("probed.html"), open);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 390})
  void opensInTwoSecondsWithoutAScrollBarAndFollowsTheMouse(int width) throws Exception {
    Path frame = Files.writeString(directory.resolve(width + ".html"), FRAME.formatted(width));
    String dom = Chromium.find(directory).open(frame, 1200).dom();
    assertThat(number(dom, "window")).isEqualTo(width);
    assertThat(number(dom, "overflow")).isZero();
    assertThat(number(dom, "opened")).isBetween(1L, Patience.of(OPENS).toMillis());
    assertThat(dom).containsPattern("\"cursor\":\"M\\d+ 0V\\d+\"");
    assertThat(dom).containsPattern("\"moved\":\\[\"ALLOCATING at \\d+:\\d\\d\",\"\\d+ MiB\",");
  }

  private static long number(String dom, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":(-?\\d+)").matcher(dom);
    assertThat(found.find()).as(name + " in " + dom).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** The pictures stay in target, for the eye. */
  @ParameterizedTest
  @CsvSource({"1000, 1400", "390, 2000"})
  void theChartsAreInThePicture(int width, int height) throws Exception {
    Path picture = Path.of("target", "report-two-hours-" + width + ".png");
    Chromium.find(directory).show(page, picture, width, height);
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(image.getWidth()).isEqualTo(width);
    for (Palette line : new Palette[] {Palette.COMMITTED, Palette.RSS, Palette.USED}) {
      assertThat(has(image, line)).as("%s", line).isTrue();
    }
  }

  private static boolean has(BufferedImage image, Palette colour) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int pixel = image.getRGB(x, y) & 0xffffff;
        if (pixel == colour.light() || pixel == colour.dark()) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void thePolicyOfThePageStopsAScriptThatIsNotItsOwn() throws Exception {
    String evil = "<script>document.title = 'evil'</script></body>";
    String html = Files.readString(page).replace("</body>", evil);
    Path file = Files.writeString(directory.resolve("evil.html"), html);
    Chromium.Page shown = Chromium.find(directory).open(file, 1000);
    assertThat(shown.dom()).doesNotContain("<title>evil");
    assertThat(shown.console()).anyMatch(line -> line.contains("Content Security Policy"));
    assertThat(Chromium.find(directory).open(page, 1000).console()).isEmpty();
  }

  @Test
  void isPrintedOnTwoPages() throws Exception {
    Path pdf = directory.resolve("page.pdf");
    Chromium.find(directory).print(page, pdf);
    String text = Files.readString(pdf, StandardCharsets.ISO_8859_1);
    assertThat(Pattern.compile("/Type\\s*/Page\\b").matcher(text).results().count())
        .isBetween(1L, 2L);
  }
}
