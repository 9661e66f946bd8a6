package io.allocmem.launcher.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Jdks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Table of all figures of a run, in {@code target/benchmarks.md}. Each new row writes the file
 * anew: an interrupted run leaves the rows so far.
 */
final class Table {
  private static final Path FILE = Path.of("target/benchmarks.md");
  private static final List<Row> ROWS = new ArrayList<>();

  private Table() {}

  /** Adds a row, and fails at a figure of less than half of the goal. */
  static void add(Row row) {
    show(row);
    assertThat(row.isGrossFailure()).as(row.line()).isFalse();
  }

  /** Adds a row whose limit another test holds. */
  static synchronized void show(Row row) {
    ROWS.add(row);
    System.out.println(row.line());
    StringBuilder text = new StringBuilder(machine()).append("\n\n").append(Row.HEAD);
    ROWS.forEach(each -> text.append(each.line()).append('\n'));
    try {
      Files.writeString(FILE, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String machine() {
    return "%s %s, %d processors, %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.getRuntime().availableProcessors(),
            Jdks.all());
  }
}
