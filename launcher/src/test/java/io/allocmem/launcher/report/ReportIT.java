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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
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
    Chromium.Page page = Chromium.find(directory).open(html);
    // the policy of the page denies each request, and the console reports each denial
    assertThat(page.dom()).contains("default-src 'none'");
    assertThat(page.console()).isEmpty();
    assertThat(page.dom())
        .contains("data-blocks=\"" + BLOCKS + "\"")
        .contains("data-rises=\"" + BLOCKS + "\"")
        .contains("data-released=\"%s\"".formatted(number(seconds())))
        .contains("class=\"uplot", "seconds since the recording began", "20 blocks of 10 MiB");
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

  /** Formats a number like the script of the page. */
  private static String number(double seconds) {
    return java.math.BigDecimal.valueOf(Math.round(seconds * 1000), 3)
        .stripTrailingZeros()
        .toPlainString();
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
            "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1));
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(image.getRGB(2, 2)).isEqualTo(dark ? 0xff0f172a : 0xffffffff);
    assertThat(levels(image, dark ? 0xff60a5fa : 0xff2563eb))
        .as("and the ground")
        .isEqualTo(BLOCKS + 1);
  }

  /**
   * Returns the number of heights with a horizontal line of this colour in the upper chart. A step
   * is ten pixels high; a line crossed by another line may be found some pixels lower.
   */
  private static int levels(BufferedImage image, int colour) {
    TreeSet<Integer> tops = new TreeSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 150; y < 430; y++) {
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
    assertThat(colours(png)).contains(0xff2563eb, 0xffd97706, 0xffdc2626);
    assertThat(directory.resolve(jdk.version() + "chart.svg"))
        .content()
        .contains("rgb(37,99,235)", "rgb(217,119,6)", "rgb(220,38,38)", "</svg");
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
  void aRuntimeWithoutADesktopSaysSoAndMakesThePage() {
    String modules = "java.base,java.instrument,java.management,jdk.attach,jdk.unsupported";
    List<String> bare = List.of("env", "JDK_JAVA_OPTIONS=--limit-modules=" + modules);
    for (String name : List.of("bare.svg", "bare.png")) {
      Cli refused =
          Cli.runBy(bare, NEWEST, Cli.JAR, "report", record, "-o", directory.resolve(name));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out())
          .contains("allocmem: this Java runtime cannot draw a ." + name.substring(5), ".html")
          .doesNotContain("\tat ");
    }
    Path page = directory.resolve("bare.html");
    Cli made = Cli.runBy(bare, NEWEST, Cli.JAR, "report", record, "-o", page);
    assertThat(made.code()).as(made.out()).isZero();
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
