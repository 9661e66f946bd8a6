package io.allocmem.launcher.area;

import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.plan.AreaKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Errors of RSS and of a meter for each area and JDK, as the table of the page on areas. */
final class ResidentSetTable {
  private static final Path FILE = Path.of("target/areas.md");
  private static final String HEADER = "| area | meter | JDK | in the meter | RSS |\n";

  private final Map<AreaKind, Map<Integer, String>> rows = new TreeMap<>();

  void add(Jdk jdk, AreaKind area, String meter, double inMeter, double inRss) {
    String row =
        "| `%s` | %s | %d | %s | %s |\n"
            .formatted(area, meter, jdk.version(), percent(inMeter), percent(inRss));
    rows.computeIfAbsent(area, first -> new TreeMap<>()).put(jdk.version(), row);
  }

  private static String percent(double error) {
    return "%+.1f %%".formatted(error * 100);
  }

  void write() throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append("|---|---|---|---|---|\n");
    rows.values().forEach(ofArea -> ofArea.values().forEach(text::append));
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, text);
    System.out.printf("growth against touched bytes, also in %s:%n%s", FILE, text);
  }
}
