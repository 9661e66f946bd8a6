package io.allocmem.launcher.knee;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.CollectingService;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Searches agree with each other, against a service whose answers depend on collections. Isolated:
 * a neighbour that takes the processors changes when the JVM collects.
 */
@Isolated
class KneeIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Ten searches on each collector, by hand. */
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.all");

  private static final int SEARCHES = ALL ? 10 : 1;

  /** Largest distance of two knees in points: ± 2. */
  private static final int MOST = 4;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"G1", "ZGC"})
  void searchesAgree(Collector collector) throws Exception {
    Assumptions.assumeTrue(ALL || collector == Collector.G1);
    List<String> options = new ArrayList<>(collector.flags());
    options.addAll(List.of("-Xms256m", "-Xmx256m"));
    List<Integer> knees = new ArrayList<>();
    try (CollectingService service =
        new CollectingService(NEWEST, options.toArray(new String[0]))) {
      for (int search = 0; search < SEARCHES; search++) {
        knees.add(knee(service));
      }
    }
    System.out.println(collector + ": knees " + knees);
    int lowest = knees.stream().mapToInt(Integer::intValue).min().orElseThrow();
    int highest = knees.stream().mapToInt(Integer::intValue).max().orElseThrow();
    assertThat(lowest).isGreaterThan(60);
    assertThat(highest).isLessThan(95);
    assertThat(highest - lowest).isLessThanOrEqualTo(MOST);
  }

  private int knee(CollectingService service) throws Exception {
    Path page = directory.resolve("knee.html");
    String words =
        "--slo p50=250ms --measure 3s --from 76%% --to 95%% --step 8%% --json --report %s --url %s"
            .formatted(page, service.url());
    List<Object> all = new ArrayList<>(List.of("knee", service.pid()));
    all.addAll(List.of(words.split(" ")));
    Cli searched = InProcess.run(all.toArray());
    assertThat(searched.code()).as(searched.out()).isZero();
    assertThat(Files.readString(page)).contains("the knee is at ");
    assertThat(searched.json()).as("a knee below --to").containsEntry("atLeast", false);
    System.out.println(searched.out());
    return (int) searched.json().get("knee");
  }
}
