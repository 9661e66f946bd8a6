package io.allocmem.launcher.area;

import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Greatest error per JDK, setting and collector, as the table for the page on the fill ratio.
 * Thread-safe.
 */
final class FillRatioTable {
  /**
   * JDK, and a setting of this JDK that has a row of its own; empty for the JDK as it starts. Flags
   * have no row in the table.
   */
  record Row(Jdk jdk, String setting) implements Comparable<Row> {
    private static final Comparator<Row> ORDER =
        Comparator.<Row>comparingInt(row -> row.jdk.version()).thenComparing(Row::setting);

    @Override
    public int compareTo(Row other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return jdk.version() + (setting.isEmpty() ? "" : ", " + setting);
    }
  }

  private final Path file;
  private final Map<Row, Map<Collector, Double>> worst = new TreeMap<>();

  FillRatioTable(String name) {
    file = Path.of("target", name);
  }

  synchronized void add(Row row, Collector collector, double error) {
    if (!row.setting.startsWith("-")) {
      worst.computeIfAbsent(row, first -> new TreeMap<>()).merge(collector, error, Math::max);
    }
  }

  synchronized void write() throws IOException {
    TreeSet<Collector> columns = new TreeSet<>();
    worst.values().forEach(errors -> columns.addAll(errors.keySet()));
    StringBuilder text = new StringBuilder("| JDK |");
    columns.forEach(collector -> text.append(' ').append(collector).append(" |"));
    text.append("\n|---").append("|---".repeat(columns.size())).append("|\n");
    worst.forEach(
        (row, errors) -> {
          text.append("| ").append(row).append(" |");
          columns.forEach(collector -> text.append(cell(errors.get(collector))));
          text.append('\n');
        });
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    System.out.printf("worst error of resident/held, also in %s:%n%s", file, text);
  }

  private static String cell(Double error) {
    return error == null ? " |" : " %.2f %% |".formatted(error * 100);
  }
}
