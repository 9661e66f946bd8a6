package io.allocmem.launcher.area;

import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Greatest error per JDK and collector, as the table for the page on the fill ratio. Thread-safe.
 */
final class FillRatioTable {
  private final Path file;
  private final Map<Integer, Map<Collector, Double>> worst = new TreeMap<>();

  FillRatioTable(String name) {
    file = Path.of("target", name);
  }

  synchronized void add(Jdk jdk, Collector collector, double error) {
    worst
        .computeIfAbsent(jdk.version(), version -> new TreeMap<>())
        .merge(collector, error, Math::max);
  }

  synchronized void write() throws IOException {
    TreeSet<Collector> columns = new TreeSet<>();
    worst.values().forEach(row -> columns.addAll(row.keySet()));
    StringBuilder text = new StringBuilder("| JDK |");
    columns.forEach(collector -> text.append(' ').append(collector).append(" |"));
    text.append("\n|---").append("|---".repeat(columns.size())).append("|\n");
    worst.forEach(
        (version, row) -> {
          text.append("| ").append(version).append(" |");
          columns.forEach(collector -> text.append(cell(row.get(collector))));
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
