package io.allocmem.launcher.report;

import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A record as CSV (RFC 4180): one row per sample and plan, with the record's field names. */
public final class CsvReport {
  private static final String END = "\r\n";

  /** Start of text that a spreadsheet takes for a formula; in some languages also in full width. */
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]");

  private CsvReport() {}

  /** Returns a row of field names, followed by all rows. */
  public static String of(Recording recording) {
    Set<String> names = PlanSample.names();
    StringBuilder csv = new StringBuilder(row(joined(JvmSample.names(), names)));
    for (JvmSample sample : recording.samples()) {
      List<String> jvm = cells(sample.fields());
      for (PlanSample plan : sample.plans()) {
        csv.append(row(joined(jvm, cells(plan.fields()))));
      }
      if (sample.plans().isEmpty()) {
        csv.append(row(joined(jvm, Collections.nCopies(names.size(), ""))));
      }
    }
    return csv.toString();
  }

  private static List<String> cells(Map<String, Object> fields) {
    return fields.values().stream().map(CsvReport::cell).toList();
  }

  private static String cell(Object value) {
    if (value instanceof String text) {
      return FORMULA.matcher(text).lookingAt() ? "'" + text : text;
    }
    return value == null ? "" : value.toString();
  }

  private static List<String> joined(Collection<String> jvm, Collection<String> plan) {
    return Stream.concat(jvm.stream(), plan.stream()).toList();
  }

  private static String row(List<String> cells) {
    return cells.stream().map(CsvReport::quoted).collect(Collectors.joining(",", "", END));
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[,\"\r\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
