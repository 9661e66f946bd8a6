package io.allocmem.launcher.report;

import static io.allocmem.launcher.fixtures.Fuzz.number;
import static io.allocmem.launcher.fixtures.Fuzz.once;
import static io.allocmem.launcher.fixtures.Fuzz.one;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.fixtures.Fuzz;
import io.allocmem.launcher.process.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import javax.xml.parsers.SAXParserFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.helpers.DefaultHandler;

/** Records with any content: the report is a page and a table, or one short sentence. */
class RecordFuzzTest {
  private static final Set<String> TEXTS =
      Set.of(
          "jdk", "mainClass", "agentVersion", "name", "phase", "area", "until", "then", "message");

  private static final SAXParserFactory XML = SAXParserFactory.newInstance();

  @TempDir Path directory;

  private long shown;

  @Test
  void eachMakesAPageAndATableOrOneSentence() {
    Fuzz.rounds(50_000, this::tryOne);
    assertThat(shown).as("records that were shown").isPositive();
  }

  private void tryOne(SplittableRandom random) throws Exception {
    String text = record(random);
    Path file = directory.resolve("record.jsonl");
    String written = once(random, 3) ? Fuzz.mutated(random, text) : text;
    Files.deleteIfExists(file); // some file systems flush a truncated file, which takes long
    Files.write(file, written.getBytes(StandardCharsets.UTF_8));
    Recording recording;
    try {
      recording = Recording.read(file);
    } catch (Failure sentence) {
      Fuzz.requireShort(sentence.getMessage());
      return;
    }
    shown++;
    requireClosed(HtmlReport.of(recording));
    requireWellFormed(SvgReport.of(recording));
    requireRows(CsvReport.of(recording), recording);
  }

  /** Requires that no text of a record becomes an element of the page. */
  private static void requireClosed(String html) {
    assertThat(html.split("<script", -1)).hasSize(3);
    assertThat(html.replaceAll("<b>(Reached|Open|Not reached)</b>", "")).doesNotContain("<b>");
  }

  /** Requires XML, whatever characters the texts of a record have. */
  private static void requireWellFormed(byte[] svg) throws Exception {
    XML.newSAXParser().parse(new ByteArrayInputStream(svg), new DefaultHandler());
  }

  private static void requireRows(String csv, Recording recording) {
    long plans = recording.samples().stream().mapToLong(s -> Math.max(1, s.plans().size())).sum();
    int columns = JvmSample.names().size() + PlanSample.names().size();
    int row = 0;
    int cells = 1;
    boolean quoted = false;
    for (char c : csv.toCharArray()) {
      quoted ^= c == '"';
      cells += c == ',' && !quoted ? 1 : 0;
      if (c == '\n' && !quoted) {
        assertThat(cells).as("cells of a row").isEqualTo(columns);
        row++;
        cells = 1;
      }
    }
    assertThat(row).isEqualTo((int) plans + 1);
  }

  private static String record(SplittableRandom random) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int left = random.nextInt(6); left >= 0; left--) {
      Map<String, Object> sample = fields(JvmSample.names(), random);
      sample.put("format", once(random, 100) ? random.nextInt(3) : 1);
      sample.put("pid", 4711);
      sample.put("time", once(random, 5) ? number(random) : 1_800_000_000_000L - left * 1000);
      List<Map<String, Object>> plans = new ArrayList<>();
      for (int plan = random.nextInt(3); plan > 0; plan--) {
        plans.add(plan(random));
      }
      sample.put("plans", plans);
      lines.append(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(sample));
      lines.append('\n');
    }
    return lines.toString();
  }

  private static Map<String, Object> plan(SplittableRandom random) {
    Map<String, Object> plan = fields(PlanSample.names(), random);
    plan.put("name", one(random, "default", "b", Fuzz.text(random, 5)));
    plan.put("phase", one(random, "HOLDING", "EXHAUSTED", "RELEASED", "DEAD", "WAITING", "?"));
    for (String size : List.of("blocks", "committed", "touched")) {
      plan.put(size, number(random));
    }
    return plan;
  }

  /**
   * Returns values of the right types, often extreme and sometimes missing; rarely a value of a
   * wrong type.
   */
  private static Map<String, Object> fields(Set<String> names, SplittableRandom random) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name : names) {
      Object text =
          once(random, 3) ? "<b>" + Fuzz.text(random, 4) : one(random, "heap", "85%", "hold");
      Object value =
          TEXTS.contains(name)
              ? text
              : name.equals("fill")
                  ? (Object) one(random, 0.25, 1e300, -1.0, 1e-300)
                  : number(random);
      fields.put(name, once(random, 8) ? null : once(random, 300) ? text : value);
    }
    return fields;
  }
}
