package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Records;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File formats of a report; {@link ReportIT} tests the page in a browser. */
class ReportTest {
  private static final String EVIL = "</script><b id=\"evil\">{{data}}";

  @TempDir Path directory;

  private static int countOf(Reading.Scope scope) {
    return (int) Stream.of(Reading.values()).filter(row -> row.scope() == scope).count();
  }

  private static Cli report(Object... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "report";
    for (int i = 0; i < arguments.length; i++) {
      words[i + 1] = arguments[i].toString();
    }
    return InProcess.run((Object[]) words);
  }

  @Test
  void makesAPageBesideTheRecordThatStandsAlone() throws Exception {
    Cli made = report(Records.stairs().writeTo(directory));
    Path page = directory.resolve("record.html");
    assertThat(made.out()).isEqualTo("%s: 6 samples, 5.0 s, 3 blocks taken%n".formatted(page));
    assertThat(page)
        .content()
        .contains("default-src 'none'", "style-src 'sha256-", "script-src 'sha256-")
        .contains("3 blocks of 10 MiB = 30 MiB, 15 MiB touched")
        .contains("recorded 2027-01-15 08:00:00 UTC, 5.0 s in 6 samples")
        .contains("<b>Reached</b> <span>plan default: 30 MiB, held for 2.0 s, then released")
        .contains("<dd>61 MiB</dd><dt>before</dt>", "<dd>75 MiB</dd><dt>held</dt>")
        .contains("<dd>60 MiB</dd><dt>after</dt>", "<dd>0</dd><dt>during the record</dt>")
        .contains("<th scope=\"row\">0:03.0<td>default<td>HOLDING<td>30 MiB<td>15 MiB<td>75 MiB")
        .doesNotContain("src=", "href=", "url(", "@import", "unsafe-inline");
  }

  @Test
  void thePageSaysForHowLongAndHowExactlyThePlanHeldItsTarget() throws Exception {
    Records records = Records.stairs().withPlan("target", 30 * Records.MIB);
    records.withPlan("targetMillis", 2000).withPlan("onTargetMillis", 1500);
    report(records.withPlan("largestDeviation", 3 * Records.MIB).writeTo(directory));
    assertThat(directory.resolve("record.html"))
        .content()
        .contains("then released; 1.5 of 2.0 s within 1 % of the target of 30 MiB")
        .contains("largest deviation 3 MiB (10.0 %)");
  }

  @Test
  void whatThePressureCostIsInTheHeadlineAndTheCharts() throws Exception {
    Path record = Records.costs().writeTo(directory);
    report(record);
    assertThat(directory.resolve("record.html"))
        .content()
        .contains(costs("GC of the CPU time", "10.0 %", "50.0 %", "0.0 %"))
        .contains(costs("waiting for memory (PSI)", "0.0 %", "3.2 %", "0.0 %"))
        .contains(costs("stalls: 99 % within, worst second", "1.1 ms", "8.0 ms", "1.1 ms"))
        .contains(costs("longest stall", "2.0 ms", "40.0 ms", "2.0 ms"))
        .contains(">Cost of pressure", ">Stalls", "{\"unit\":\"ms\",\"values\":[2.0,2.0,2.0,40.0")
        .contains("{\"unit\":\"%\",\"values\":[10.0,10.0,10.0,50.0,");
    Path svg = directory.resolve("costs.svg");
    Path png = directory.resolve("costs.png");
    assertThat(report(record, "-o", svg).code()).isZero();
    assertThat(report(record, "-o", png).code()).isZero();
    assertThat(svg).content().contains("  10.0 % before → 50.0 % held → 0.0 % after");
    report(Records.stairs().writeTo(directory));
    assertThat(directory.resolve("record.html"))
        .content()
        .doesNotContain("Cost of pressure", "Stalls", "PSI");
  }

  private static String costs(String subject, String before, String held, String after) {
    String figure = "<div><dd>%s</dd><dt>%s</dt></div>";
    return "<h2>%s</h2><dl>%s%s%s</dl>"
        .formatted(
            subject,
            figure.formatted(before, "before"),
            figure.formatted(held, "held"),
            figure.formatted(after, "after"));
  }

  @Test
  void whatAJvmSaysOfItselfIsTextInThePage() throws Exception {
    Records records = Records.stairs().with("mainClass", EVIL).with("jdk", EVIL);
    records.with("agentVersion", EVIL).withPlan("message", EVIL).withPlan("then", EVIL);
    report(records.withPlan("name", EVIL).withPlan("until", EVIL).writeTo(directory));
    String page = Files.readString(directory.resolve("record.html"));
    assertThat(page.split("</script>", -1)).as("the template's own two").hasSize(3);
    assertThat(page).doesNotContain("<b ").contains("&lt;b id=&quot;evil&quot;&gt;{{data}}");
    Path svg = directory.resolve("evil.svg");
    report(directory.resolve("record.jsonl"), "-o", svg);
    assertThat(elements(Files.readAllBytes(svg), "b")).isZero();
    assertThat(elements(Files.readAllBytes(svg), "svg")).isEqualTo(1);
  }

  @Test
  void aNameWithoutAnEndIsCutInThePicture() throws Exception {
    String endless = "x".repeat(100_000);
    Records records = Records.stairs().with("mainClass", endless);
    Path svg = directory.resolve("long.svg");
    report(
        records.withPlan("name", endless).withPlan("phase", endless).writeTo(directory), "-o", svg);
    assertThat(Files.size(svg)).isLessThan(30_000);
  }

  @Test
  void manyPlansAreNoEndlessPage() throws Exception {
    Map<String, Object> plan = Records.plan(3, "HOLDING");
    List<Map<String, Object>> plans = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Map<String, Object> named = new LinkedHashMap<>(plan);
      named.put("name", "plan" + i);
      plans.add(named);
    }
    report(new Records().add(3, "HOLDING").with("plans", plans).writeTo(directory));
    String page = Files.readString(directory.resolve("record.html"));
    assertThat(page).contains("The first 8 of 500 plans", "The first 100 of 500;");
    assertThat(page.length()).isLessThan(250_000);
  }

  @Test
  void aPlanOfADayIsNotAPageOfADay() throws Exception {
    Records records = new Records();
    for (int i = 0; i < 1500; i++) {
      records.add(i, "ALLOCATING");
    }
    report(records.writeTo(directory));
    assertThat(directory.resolve("record.html"))
        .content()
        .contains("All 1,500 events", "The first 1000 of 1500");
  }

  @Test
  void theTableHasARowForEachSampleAndPlan() throws Exception {
    Path record =
        Records.stairs()
            .with("mainClass", "a,\"b\"")
            .add(0, "")
            .with("plans", List.of())
            .writeTo(directory);
    Cli printed = report(record, "--csv");
    List<String> rows = printed.out().lines().toList();
    assertThat(rows).hasSize(8);
    assertThat(rows.get(0)).startsWith("format,time,pid,jdk,mainClass,").endsWith(",message");
    String jvm = ",".repeat(countOf(Reading.Scope.JVM) - 7);
    String plan = ",".repeat(countOf(Reading.Scope.PLAN) - 4);
    assertThat(rows.get(4))
        .startsWith(
            "1,1800000003000,4711,21.0.2,Service,,78643200,8388608,,,,,0,0"
                + jvm
                + "default,HOLDING")
        .endsWith(
            ",native,10485760,31457280,,hold,0.5,1000,3,31457280,15728640,15728640,63963136"
                + plan);
    assertThat(rows.get(6)).contains(",\"a,\"\"b\"\"\",");
    String none = ",".repeat(PlanSample.names().size());
    assertThat(rows.get(7)).endsWith(",0,0" + jvm + none.substring(1));
    report(record, "-o", directory.resolve("t.csv"));
    assertThat(directory.resolve("t.csv")).hasContent(printed.out());
  }

  @Test
  void drawsAPictureOfWhatWasMeasured() throws Exception {
    Path record = Records.stairs().with("rss", null).withPlan("resident", null).writeTo(directory);
    Path png = directory.resolve("chart.PNG");
    Path svg = directory.resolve("chart.svg");
    assertThat(report(record, "-o", png).code()).isZero();
    assertThat(report(record, "-o", svg).code()).isZero();
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1000);
    assertThat(elements(Files.readAllBytes(svg), "path")).isGreaterThan(12);
  }

  private static int elements(byte[] svg, String name) throws Exception {
    DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
    xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return xml.newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg))
        .getElementsByTagName(name)
        .getLength();
  }

  @Test
  void drawsWhereNothingWasMeasured() throws Exception {
    Path record =
        new Records()
            .add(0, "WAITING")
            .with("rss", null)
            .with("plans", List.of())
            .writeTo(directory);
    for (String name : List.of("none.png", "none.svg", "none.html", "none.csv")) {
      Cli made = report(record, "-o", directory.resolve(name));
      assertThat(made.code()).as(made.out()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"report.pdf", "html", "report", ".htmlx"})
  void refusesAnotherEnding(String name) throws Exception {
    Cli refused = report(Records.stairs().writeTo(directory), "-o", name);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.out()).contains("cannot make " + name, ".html, .svg, .png or .csv");
  }

  @Test
  void neverWritesOverTheRecord() throws Exception {
    Path record = Records.stairs().writeTo(directory);
    Path named = Files.move(record, directory.resolve("record.csv"));
    byte[] before = Files.readAllBytes(named);
    Cli refused = report(named, "-o", directory.resolve("./record.csv"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("is the record itself");
    assertThat(named).hasBinaryContent(before);
  }

  @Test
  void saysWhereItCannotWrite() throws Exception {
    Path record = Records.stairs().writeTo(directory);
    Cli refused = report(record, "-o", directory.resolve("none/report.html"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).startsWith("allocmem: cannot write ").contains("-o");
  }

  /** A shared directory such as {@code /tmp} may hold foreign files with the report's name. */
  @Test
  void whatOthersLaidUnderThatNameIsReplacedAndNotWrittenTo() throws Exception {
    Path record = Records.stairs().writeTo(directory);
    Path page = directory.resolve("record.html");
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Files.createSymbolicLink(page, precious);
    assertReplaced(record, page);
    Files.delete(page);
    Files.createSymbolicLink(page, directory.resolve("missing"));
    assertReplaced(record, page);
    assertThat(directory.resolve("missing")).doesNotExist();
    Files.delete(page);
    Files.createLink(page, precious);
    assertReplaced(record, page);
    Files.delete(page);
    assertThat(new ProcessBuilder("mkfifo", page.toString()).start().waitFor()).isZero();
    assertReplaced(record, page);
    assertThat(precious).hasContent("precious");
    assertThat(directory.toFile().list()).as("nothing else").hasSize(3);
  }

  private static void assertReplaced(Path record, Path page) throws Exception {
    assertThat(report(record).code()).isZero();
    assertThat(Files.isRegularFile(page, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(page).content().contains("</html>");
  }

  @Test
  void aCellThatASpreadsheetWouldComputeIsText() throws Exception {
    for (String formula : List.of("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1")) {
      Path record =
          Records.stairs().with("mainClass", formula).with("pid", 4711).writeTo(directory);
      String row = report(record, "--csv").out().lines().reduce((a, b) -> b).orElseThrow();
      String cell = row.split(",")[4];
      assertThat(cell).doesNotMatch("\"?[=+\\-@\t\r\uff1d].*");
    }
  }

  /** A record of another version, or a record written by hand. */
  @Test
  void aReadingBelowZeroIsNotMeasured() throws Exception {
    Path record = Records.stairs().with("heapUsed", -2).writeTo(directory);
    assertThat(report(record, "--csv").out()).doesNotContain("-2");
  }
}
