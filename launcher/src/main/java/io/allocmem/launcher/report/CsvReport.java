package io.allocmem.launcher.report;

import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Sample;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A record as CSV (RFC 4180): a row for each sample and plan, the fields by the record's names. */
public final class CsvReport {
  private static final String END = "\r\n";

  /** A spreadsheet takes text that begins so for a formula, in some languages in full width too. */
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]");

  private CsvReport() {}

  /** All rows, below one with the names of the fields. */
  public static String of(Recording recording) {
    StringBuilder csv = new StringBuilder(row(titles()));
    for (Sample sample : recording.samples()) {
      List<String> jvm = cells(Sample.class, sample);
      for (PlanSample plan : sample.plans()) {
        csv.append(row(joined(jvm, cells(PlanSample.class, plan))));
      }
      if (sample.plans().isEmpty()) {
        csv.append(row(joined(jvm, cells(PlanSample.class, null))));
      }
    }
    return csv.toString();
  }

  private static List<String> titles() {
    return Stream.of(Sample.class, PlanSample.class)
        .flatMap(type -> fields(type).stream())
        .map(RecordComponent::getName)
        .toList();
  }

  private static List<RecordComponent> fields(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .filter(field -> field.getType() != List.class)
        .toList();
  }

  private static List<String> cells(Class<?> type, Object of) {
    List<String> cells = new ArrayList<>();
    for (RecordComponent field : fields(type)) {
      cells.add(of == null ? "" : cell(field, of));
    }
    return cells;
  }

  private static String cell(RecordComponent field, Object of) {
    try {
      Object value = field.getAccessor().invoke(of);
      if (value instanceof String text) {
        return FORMULA.matcher(text).lookingAt() ? "'" + text : text;
      }
      return value == null ? "" : value.toString();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> joined(List<String> jvm, List<String> plan) {
    return Stream.concat(jvm.stream(), plan.stream()).toList();
  }

  private static String row(List<String> cells) {
    return cells.stream().map(CsvReport::quoted).collect(Collectors.joining(",", "", END));
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[,\"\r\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
