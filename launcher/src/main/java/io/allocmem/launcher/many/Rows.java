package io.allocmem.launcher.many;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Printable;
import io.allocmem.launcher.process.JavaProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Rows of a table, or JSON objects in lines: one per JVM, in the order in which the JVMs are done.
 * All JVMs are known before the first row, so the columns have their width from the start.
 */
public final class Rows {
  private static final JSON PRINTER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

  /** Width of the longest result. */
  private static final int RESULT = "RELEASED".length();

  /** Upper bound of a column; a longer name shifts one row. */
  private static final int WIDEST = 60;

  private final PrintWriter out;
  private final boolean json;

  /** Columns before the result, with their width. */
  private final Map<Column, Integer> columns = new EnumMap<>(Column.class);

  /** Column that identifies a JVM. */
  private enum Column {
    PID(jvm -> Long.toString(jvm.pid())),
    POD(jvm -> jvm.place().pod()),
    MAIN(JavaProcess::main);

    private final Function<JavaProcess, String> cell;

    Column(Function<JavaProcess, String> cell) {
      this.cell = cell;
    }
  }

  private Rows(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * Prints the row of titles, unless the rows are JSON objects. A column without content is left
   * out.
   */
  public static Rows of(PrintWriter out, boolean json, List<JavaProcess> jvms) {
    Rows rows = new Rows(out, json);
    for (Column column : Column.values()) {
      int widest = jvms.stream().map(column.cell).mapToInt(String::length).max().orElse(0);
      if (widest > 0) {
        rows.columns.put(column, Math.min(WIDEST, Math.max(column.name().length(), widest)));
      }
    }
    if (!json) {
      rows.println(Column::name, "RESULT", "DETAIL");
    }
    return rows;
  }

  /** Prints the outcome for a JVM. Returns false if nobody reads any more. */
  public synchronized boolean print(JavaProcess jvm, Outcome outcome) {
    if (json) {
      out.println(object(jvm, outcome));
    } else {
      println(column -> column.cell.apply(jvm), outcome.result(), outcome.detail());
    }
    return !out.checkError();
  }

  /** Prints a state of a JVM on the way to the outcome; JSON has outcomes only. */
  public boolean printState(JavaProcess jvm, Outcome state) {
    return json || print(jvm, state);
  }

  /** Prints a line for people. Returns false if nobody reads any more. */
  synchronized boolean say(String sentence) {
    if (!json) {
      out.println(sentence);
    }
    return !out.checkError();
  }

  private void println(Function<Column, String> cells, String result, String detail) {
    StringBuilder line = new StringBuilder();
    columns.forEach((column, width) -> line.append(padded(cells.apply(column), width)));
    line.append(padded(result, RESULT)).append(detail);
    out.println(Printable.of(line.toString().stripTrailing()));
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()) + 2);
  }

  private static String object(JavaProcess jvm, Outcome outcome) {
    Map<String, Object> fields = new LinkedHashMap<>(outcome.fields());
    fields.putIfAbsent("pid", jvm.pid());
    fields.putIfAbsent("mainClass", jvm.main());
    fields.putIfAbsent("podName", orNull(jvm.place().podName()));
    fields.putIfAbsent("container", orNull(jvm.place().containerName()));
    try {
      return PRINTER.asString(fields);
    } catch (IOException unprintable) {
      throw new UncheckedIOException(unprintable);
    }
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
