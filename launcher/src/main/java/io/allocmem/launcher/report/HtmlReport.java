package io.allocmem.launcher.report;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Reading;
import io.allocmem.launcher.control.JvmSample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record as one standalone page. Script, style and data are inside; the page's policy forbids
 * every request. The tables need no script.
 */
public final class HtmlReport {
  /** Path in the published package; the version is the version in the pom. */
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

  private static final Pattern TOKEN = Pattern.compile("\\{\\{(\\w+)}}");

  private final Recording recording;

  private HtmlReport(Recording recording) {
    this.recording = recording;
  }

  /** Returns the whole page. */
  public static String of(Recording recording) {
    HtmlReport report = new HtmlReport(recording);
    Map<String, String> parts = new LinkedHashMap<>();
    HtmlTables tables = new HtmlTables(recording);
    parts.put("title", HtmlTables.escape(tables.title()));
    parts.put("summary", tables.summary());
    parts.put("recovery", tables.recovery());
    parts.put("plans", tables.plans());
    parts.put("jvm", tables.jvm());
    parts.put("events", tables.events());
    parts.put("licence", resource(UPLOT + "LICENSE"));
    parts.put("style", resource(UPLOT + "dist/uPlot.min.css") + resource("report.css"));
    parts.put("uplot", resource(UPLOT + "dist/uPlot.iife.min.js"));
    parts.put("script", resource("report.js"));
    parts.put("data", report.data());
    return filled(resource("report.html"), parts);
  }

  /** Fills the template in one pass: a token from the record stays text. */
  private static String filled(String template, Map<String, String> parts) {
    return TOKEN
        .matcher(template)
        .replaceAll(token -> Matcher.quoteReplacement(parts.get(token.group(1))));
  }

  /**
   * Returns the data for the charts, without {@code <}: no text of a JVM can end the enclosing
   * element.
   */
  private String data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("seconds", recording.samples().stream().map(this::seconds).toList());
    data.put("plans", recording.plans().stream().map(this::plan).toList());
    data.put("jvm", jvm());
    data.put("events", Event.of(recording).stream().map(this::event).toList());
    try {
      return JSON.std
          .with(JSON.Feature.WRITE_NULL_PROPERTIES)
          .asString(data)
          .replace("<", "\\u003c");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double seconds(JvmSample sample) {
    return recording.millis(sample) / 1000.0;
  }

  private Map<String, Object> plan(String name) {
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("name", name);
    plan.put("blockSize", recording.last(name).blockSize());
    plan.put("committed", recording.column(name, Reading.COMMITTED));
    plan.put("touched", recording.column(name, Reading.TOUCHED));
    plan.put("resident", recording.column(name, Reading.RESIDENT));
    return plan;
  }

  /** Returns the measured readings only, for the sake of space in the chart. */
  private Map<String, Object> jvm() {
    Map<String, Reading> meters = new LinkedHashMap<>();
    meters.put("RSS", Reading.RSS);
    meters.put("heap used", Reading.HEAP_USED);
    meters.put("heap live", Reading.HEAP_LIVE);
    meters.put("heap max", Reading.HEAP_MAX);
    meters.put("container used", Reading.CONTAINER_USED);
    meters.put("container capacity", Reading.CONTAINER_CAPACITY);
    Map<String, Object> columns = new LinkedHashMap<>();
    meters.forEach(
        (name, meter) -> {
          if (recording.known(meter) != null) {
            columns.put(name, recording.column(meter));
          }
        });
    return columns;
  }

  private Map<String, Object> event(Event event) {
    Map<String, Object> mark = new LinkedHashMap<>();
    mark.put("at", seconds(event.sample()));
    mark.put("plan", event.plan() == null ? null : event.plan().name());
    mark.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
    mark.put("label", event.what().replaceFirst("(?s): .*", "")); // without the message
    return mark;
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
