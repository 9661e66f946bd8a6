package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.PlanOption;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** README says what the one table of options and the commands say. */
class ReadmeTest {
  private static String readme() throws IOException {
    return Files.readString(Path.of("../README.md"));
  }

  @ParameterizedTest
  @EnumSource(PlanOption.class)
  void theOptionTableHasEachRow(PlanOption option) throws IOException {
    boolean flag = option.unit() == null;
    String value = flag ? "" : "=" + option.unit();
    String shortest = option.shortest().length() > 1 ? "" : "`-" + option.key() + "`, ";
    String longName = option.key() == null ? "" : "`" + option.longName() + "`";
    String launcher = "%s`--%s%s`".formatted(shortest, option.longName(), value);
    String row =
        "| `%s%s` | %s | %s | %s | %s |"
            .formatted(
                option.shortest(),
                value,
                longName,
                option.isForStartUp() ? "" : launcher,
                option.byDefault() == null ? "" : flag ? "off" : option.byDefault(),
                option.help());
    assertThat(readme()).contains(row);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list",
        "check",
        "attach",
        "status",
        "watch",
        "pause",
        "resume",
        "release",
        "renew",
        "clean",
        "report",
        "run",
        "generate-completion"
      })
  void eachCommandIsInReadmeAndTeachesItself(String command) throws IOException {
    assertThat(readme()).contains("allocmem " + command);
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    assertThat(Launcher.run(printer, printer, command, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: allocmem " + command).doesNotContain("WARN");
  }

  /** As {@code -Pmatrix} writes it. */
  @ParameterizedTest
  @ValueSource(ints = {8, 11, 17, 21, 25})
  void theTableOfTheFillRatioHasEachJdkAndCollector(int version) throws IOException {
    List<String> table = readme().lines().filter(line -> line.startsWith("| ")).toList();
    assertThat(table)
        .contains(
            "| JDK |"
                + Stream.of(Collector.values())
                    .map(collector -> " " + collector + " |")
                    .collect(Collectors.joining()))
        .filteredOn(line -> line.startsWith("| " + version + " |"))
        .singleElement()
        .asString()
        .contains(" % |");
  }

  /** Those that a report reads, which ReportIT holds against a real status. */
  @Test
  void theTableOfTheRecordHasEachFieldAndNoOther() throws IOException {
    String from = "| field | unit | |\n|---|---|---|\n";
    String table = readme().substring(readme().indexOf(from) + from.length()).split("\n\n")[0];
    List<String> named =
        table.lines().flatMap(row -> Stream.of(row.split("\\|")[1].split(","))).toList();
    assertThat(named)
        .extracting(name -> name.strip().replace("`", ""))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(JvmSample.names(), Set.of("plans"), PlanSample.names())
                .flatMap(Set::stream)
                .toList());
  }

  @Test
  void completionIsGenerated() {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    assertThat(Launcher.run(printer, printer, "generate-completion")).isZero();
    assertThat(out.toString()).contains(List.of("attach", "--block", "--area"));
  }
}
