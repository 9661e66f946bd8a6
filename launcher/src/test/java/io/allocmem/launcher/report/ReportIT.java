package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.fixtures.Chromium;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Report of a real JVM, from the plan to the page in a browser. */
class ReportIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int BLOCKS = 20;

  @TempDir static Path directory;
  private static final List<Map<String, Object>> SAMPLES = new ArrayList<>();
  private static Path record;

  /** Records twenty samples per block, and therefore each of the twenty steps. */
  @BeforeAll
  static void record() throws Exception {
    record = directory.resolve("record.jsonl");
    long delay = Patience.of(Duration.ofMillis(400)).toMillis();
    String plan = "a=native,m=10,x=200,f=0.25,b,e=" + delay;
    try (Target target = Target.startWithAgent(NEWEST, plan, "-Xmx128m")) {
      Process watch = watch(target);
      await(line -> line.contains("WAITING"));
      Plans.fill(target, "default");
      assertThat(target.ask("gc")).isEqualTo("collected");
      await(line -> !line.contains("\"collections\":0,") && line.contains("HOLDING"));
      Plans.release(target);
      assertThat(watch.waitFor()).isZero();
    }
    for (String line : Files.readAllLines(record)) {
      SAMPLES.add(JSON.std.mapFrom(line));
    }
  }

  private static Process watch(Target target) throws IOException {
    List<String> command = new ArrayList<>(List.of(NEWEST.java(), "-jar", Cli.JAR.toString()));
    command.addAll(List.of("watch", Long.toString(target.pid()), "--every", "20ms"));
    command.addAll(List.of("--record", record.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Waits until the record has such a line. */
  private static void await(Predicate<String> line) {
    Awaitility.await()
        .until(() -> Files.exists(record) && Files.readAllLines(record).stream().anyMatch(line));
  }

  private static Path report(String name) {
    Path report = directory.resolve(name);
    Cli made = Cli.run("report", record, "-o", report);
    assertThat(made.out())
        .isEqualTo(
            "%s: %d samples, %.1f s, %d blocks taken%n"
                .formatted(report, SAMPLES.size(), seconds(), BLOCKS));
    return report;
  }

  private static double seconds() {
    Object end = SAMPLES.get(SAMPLES.size() - 1).get("time");
    return ((Number) end).longValue() / 1000.0
        - ((Number) SAMPLES.get(0).get("time")).longValue() / 1000.0;
  }

  @Test
  void theBrowserDrawsTwentyStepsAndTheReleaseAndHasNothingToComplainOf() throws Exception {
    Path html = report("report.html");
    Chromium.Page page = Chromium.find(directory).open(html, 1000);
    // the policy of the page denies each request, and the console reports each denial
    assertThat(page.dom()).contains("default-src 'none'");
    assertThat(page.console()).isEmpty();
    assertThat(page.dom()).contains("20 blocks of 10 MiB", "<b>Reached</b>", "then released");
    List<Integer> rows = committedRows(page.dom());
    long rises = IntStream.range(1, rows.size()).filter(i -> rows.get(i) < rows.get(i - 1)).count();
    assertThat(rises).isEqualTo(BLOCKS);
    assertThat(rows.get(rows.size() - 1)).as("released").isEqualTo(Collections.max(rows));
  }

  /** Returns the rows of the committed line; the legend has a short line of the same colour. */
  private static List<Integer> committedRows(String dom) {
    String path =
        Pattern.compile("<path class=\"line w4 s-committed\" d=\"([^\"]*)\"")
            .matcher(dom)
            .results()
            .map(found -> found.group(1))
            .max(Comparator.comparing(String::length))
            .orElseThrow();
    return Pattern.compile("M\\d+ (\\d+)|V(\\d+)")
        .matcher(path)
        .results()
        .map(row -> Integer.valueOf(row.group(1) == null ? row.group(2) : row.group(1)))
        .toList();
  }

  /** A step is a sample with more committed bytes than the sample before. */
  @Test
  void theRecordHasTwentySteps() {
    long rises =
        IntStream.range(1, SAMPLES.size()).filter(i -> committed(i) > committed(i - 1)).count();
    assertThat(rises).isEqualTo(BLOCKS);
  }

  private static long committed(int i) {
    Map<?, ?> plan = (Map<?, ?>) ((List<?>) SAMPLES.get(i).get("plans")).get(0);
    return ((Number) plan.get("committed")).longValue();
  }

  /** The pictures stay in target, for the eye. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void theStairsAreInThePicture(String scheme) throws Exception {
    Path picture = Path.of("target", "report-" + scheme + ".png");
    boolean dark = scheme.equals("dark");
    Chromium.find(directory)
        .show(
            report("shown-" + scheme + ".html"),
            picture,
            1000,
            1000,
            "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1));
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(image.getRGB(2, 2)).isEqualTo(dark ? 0xff0f172a : 0xffffffff);
    assertThat(levels(image, pixel(dark ? Palette.COMMITTED.dark() : Palette.COMMITTED.light())))
        .as("and the ground")
        .isEqualTo(BLOCKS + 1);
  }

  private static int pixel(int rgb) {
    return 0xff000000 | rgb;
  }

  /**
   * Returns the number of heights with a horizontal line of this colour in the upper chart. A step
   * is eight pixels high; a line crossed by another line may be found some pixels lower. The axis
   * and the legend's colours are left of the chart.
   */
  private static int levels(BufferedImage image, int colour) {
    TreeSet<Integer> tops = new TreeSet<>();
    for (int x = 100; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        if (isLevel(image, x, y, colour)) {
          tops.add(y);
          break;
        }
      }
    }
    return (int) tops.stream().filter(top -> tops.subSet(top - 5, top).isEmpty()).count();
  }

  private static boolean isLevel(BufferedImage image, int x, int y, int colour) {
    for (int i = 0; i < 4; i++) {
      if (x + i >= image.getWidth() || image.getRGB(x + i, y) != colour) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#launchers")
  void eachJdkDrawsThePictures(Jdk jdk) throws Exception {
    for (String name : List.of("chart.png", "chart.svg")) {
      Path picture = directory.resolve(jdk.version() + name);
      Cli made = Cli.run(jdk, "report", record, "-o", picture);
      assertThat(made.code()).as(made.out()).isZero();
    }
    BufferedImage png = ImageIO.read(directory.resolve(jdk.version() + "chart.png").toFile());
    List<Palette> lines = List.of(Palette.COMMITTED, Palette.TOUCHED, Palette.RSS);
    assertThat(colours(png)).containsAll(lines.stream().map(l -> pixel(l.light())).toList());
    assertThat(directory.resolve(jdk.version() + "chart.svg"))
        .content()
        .contains("s-committed\"", "s-touched\"", "s-rss\"", "</svg");
  }

  private static Set<Integer> colours(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    Set<Integer> colours = new TreeSet<>();
    for (int pixel : pixels) {
      colours.add(pixel);
    }
    return colours;
  }

  /** The bundle has such a runtime. */
  @Test
  void aRuntimeWithoutADesktopMakesThePageAndTheSvgAndSaysSoOfThePng() throws Exception {
    String modules = "java.base,java.instrument,java.management,jdk.attach,jdk.unsupported";
    List<String> bare = List.of("env", "JDK_JAVA_OPTIONS=--limit-modules=" + modules);
    Path png = directory.resolve("bare.png");
    Cli refused = Cli.runBy(bare, NEWEST, Cli.JAR, "report", record, "-o", png);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out())
        .contains("allocmem: this Java runtime cannot draw a .png", "make an .svg")
        .doesNotContain("\tat ");
    for (String name : List.of("bare.svg", "bare.html")) {
      Path file = directory.resolve(name);
      Cli made = Cli.runBy(bare, NEWEST, Cli.JAR, "report", record, "-o", file);
      assertThat(made.code()).as(made.out()).isZero();
      assertThat(file).content().contains("s-committed\"", "</svg>");
    }
  }

  /** A field that only the status has would be missing in reports. */
  @Test
  void knowsEachFieldOfTheStatus() {
    Map<String, Object> sample = SAMPLES.get(0);
    assertThat(sample.keySet())
        .containsAll(JvmSample.names())
        .hasSize(JvmSample.names().size() + 1);
    Map<?, ?> plan = (Map<?, ?>) ((List<?>) sample.get("plans")).get(0);
    assertThat(plan.keySet().stream().map(String::valueOf))
        .containsExactlyElementsOf(PlanSample.names());
  }
}
