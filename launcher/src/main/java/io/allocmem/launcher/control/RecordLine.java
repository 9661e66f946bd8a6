package io.allocmem.launcher.control;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Printable;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One line of a record in JSON, for writing and reading. Reads field by field, since the JSON
 * library converts a text to 0 in a number field. Rejects a value of another type; ignores unknown
 * fields.
 */
public final class RecordLine {
  private final Map<?, ?> fields;

  private RecordLine(Map<?, ?> fields) {
    this.fields = fields;
  }

  /** Returns the sample as one object in one line: bytes and milliseconds, null for unknown. */
  public static String print(JvmSample sample) throws IOException {
    Map<String, Object> fields = sample.fields();
    fields.put("plans", sample.plans().stream().map(PlanSample::fields).toList());
    return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(fields);
  }

  /**
   * Returns the sample from a line, with the time raised to {@code earliest} if necessary. If the
   * clock was set back, a chart does not run backwards.
   *
   * @throws IOException if the line is no sample
   */
  public static JvmSample parse(String line, long earliest) throws IOException {
    try {
      return new RecordLine(JSON.std.mapFrom(line)).sample(earliest);
    } catch (RuntimeException e) {
      throw new IOException(e);
    }
  }

  private JvmSample sample(long earliest) {
    Long time = number("time");
    return new JvmSample(
        number("format"),
        time == null ? null : Long.valueOf(Math.max(time, earliest)),
        number("pid"),
        text("jdk"),
        text("mainClass"),
        text("agentVersion"),
        readings(Reading.Scope.JVM),
        plans());
  }

  private List<PlanSample> plans() {
    List<?> plans = (List<?>) fields.get("plans");
    return plans == null
        ? null
        : plans.stream().map(plan -> new RecordLine((Map<?, ?>) plan).plan()).toList();
  }

  private PlanSample plan() {
    Number fill = (Number) fields.get("fill");
    return new PlanSample(
        text("name"),
        text("phase"),
        text("area"),
        number("blockSize"),
        number("limit"),
        text("until"),
        text("then"),
        fill == null ? null : Double.valueOf(fill.doubleValue()),
        number("delayMs"),
        readings(Reading.Scope.PLAN),
        text("message"));
  }

  private Readings readings(Reading.Scope scope) {
    Readings readings = new Readings();
    for (Reading reading : Reading.values()) {
      Long value = reading.scope() == scope ? number(reading.field()) : null;
      readings.set(reading, value == null ? Reading.UNKNOWN : Math.max(Reading.UNKNOWN, value));
    }
    return readings;
  }

  private String text(String field) {
    String text = (String) fields.get(field);
    return text == null ? null : Printable.of(text);
  }

  private Long number(String field) {
    Object value = fields.get(field);
    return value instanceof Integer small ? Long.valueOf(small) : (Long) value;
  }
}
