package io.allocmem.launcher.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.PlanOption;
import io.allocmem.control.ArmedLayout;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.AtLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages agree with the tables of the code: options, commands, areas, records, protocol. */
class DocumentsTest {
  private static final Pattern COMMAND =
      Pattern.compile("allocmem ((?:attach|check|run) [^`#\n]+)");

  static Stream<String> commands() throws IOException {
    Stream<String> texts =
        Stream.of(
            Files.readString(Documents.README),
            Documents.launcher("commands-and-options"),
            Documents.agent("jmx-jfr-log"));
    return texts
        .flatMap(text -> COMMAND.matcher(text).results().map(found -> found.group(1)))
        .map(command -> command.replaceFirst(" (&&|…|\\|).*", "").strip())
        .filter(command -> command.matches(".*(-x|--until|--limit) .*"));
  }

  /** Each example command in the pages gives a valid plan. */
  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandThatIsShownMakesAPlan(String command) {
    assertThat(InProcess.plan(command.split(" +")).toHuman()).isNotEmpty();
  }

  @Test
  void manyCommandsAreShown() throws IOException {
    assertThat(commands()).hasSizeGreaterThan(12);
  }

  @ParameterizedTest
  @EnumSource(AreaKind.class)
  void theTableOfAreasHasEachArea(AreaKind area) throws IOException {
    assertThat(Documents.agent("areas")).contains("\n| `" + area + "` | ");
  }

  @ParameterizedTest
  @EnumSource(AtLimit.class)
  void theTableOfPatternsHasEachPattern(AtLimit then) throws IOException {
    assertThat(Documents.launcher("amounts-patterns-limits")).contains("\n| `" + then + "` | ");
  }

  @Test
  void thePageOfTheControlFileHasTheOffsetsAndNumbersOfTheCode() throws IOException {
    String page = Documents.agent("control-file");
    for (int offset :
        new int[] {
          ControlLayout.COMMAND,
          ControlLayout.RENEWALS,
          ControlLayout.SENDER,
          ControlLayout.RELEASE,
          ControlLayout.LOCK
        }) {
      assertThat(page).contains("\n| " + offset + " | ");
    }
    assertThat(page)
        .contains("control file of " + ControlLayout.SIZE + " bytes")
        .contains("current protocol is " + ControlLayout.PROTOCOL + ".")
        .contains("message, at most " + ControlLayout.MESSAGE_BYTES + " bytes")
        .contains("at most " + ControlLayout.ARGUMENTS_BYTES + " bytes");
    for (int offset : new int[] {ArmedLayout.REQUEST, ArmedLayout.DEADLINE}) {
      assertThat(page.substring(page.indexOf("## File of an armed"))).contains("\n| " + offset);
    }
    assertThat(page)
        .contains("file of " + ArmedLayout.SIZE + " bytes, `PID." + ArmedLayout.NAME + "`")
        .contains("answer, at most " + ArmedLayout.ANSWER_BYTES + " bytes");
    String words = page.replace('\n', ' ');
    for (ArmedRequest request : ArmedRequest.values()) {
      assertThat(words).contains(" " + request.ordinal() + " " + request.name());
    }
    for (PlanCommand command : PlanCommand.values()) {
      assertThat(words).contains(" " + command.ordinal() + " " + command.name());
    }
    for (Phase phase : Phase.values()) {
      assertThat(words)
          .contains(phase == Phase.OTHER ? "OTHER" : " " + phase.ordinal() + " " + phase.name());
    }
  }

  @ParameterizedTest
  @EnumSource(PlanOption.class)
  void theOptionTableHasEachRow(PlanOption option) throws IOException {
    boolean flag = option.unit() == null;
    String value = flag ? "" : "=" + option.unit();
    String shortest = option.shortest().length() > 1 ? "" : "`-" + option.key() + "`, ";
    String longName = option.key() == null ? "" : "`" + option.longName() + "`";
    String launcher = "%s`--%s%s`".formatted(shortest, option.launcherName(), value);
    String row =
        "| `%s%s` | %s | %s | %s | %s |"
            .formatted(
                option.shortest(),
                value,
                longName,
                option.isForAgent() ? "" : launcher,
                option.byDefault() == null ? "" : flag ? "off" : option.byDefault(),
                option.help());
    assertThat(Documents.launcher("commands-and-options")).contains(row);
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
        "knee",
        "wait",
        "renew",
        "disarm",
        "clean",
        "report",
        "run",
        "generate-completion"
      })
  void eachCommandIsInThePageOfCommandsAndTeachesItself(String command) throws IOException {
    assertThat(Documents.launcher("commands-and-options")).contains("allocmem " + command);
    Cli help = InProcess.run(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: allocmem " + command).doesNotContain("WARN");
  }

  @ParameterizedTest
  @EnumSource(ExitCode.class)
  void eachExitCodeIsInThePageOfCommandsAndInTheHelp(ExitCode code) throws IOException {
    String row = "\n| %d | %s |\n".formatted(code.number(), code.meaning());
    assertThat(Documents.launcher("commands-and-options")).contains(row);
    String first = "  %-3d   %s".formatted(code.number(), code.meaning().split(" ")[0]);
    for (String command : new String[] {"", "run", "attach", "wait", "release"}) {
      assertThat(InProcess.run((Object[]) (command + " --help").strip().split(" ")).out())
          .contains("Exit codes:", first);
    }
  }

  /** The profile {@code -Pmatrix} writes this table. */
  @ParameterizedTest
  @ValueSource(ints = {8, 11, 17, 21, 25, 26, 27})
  void theTableOfTheFillRatioHasEachJdkAndCollector(int version) throws IOException {
    assertThat(tableOfTheFillRatio("## Measured error"))
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

  /** The profile {@code -Pmatrix} writes the figures; the emulator allows none for ZGC. */
  @ParameterizedTest
  @ValueSource(ints = {17, 21, 25})
  void theTableOfTheFillRatioOnAarch64HasEachJdkAndCollector(int version) throws IOException {
    assertThat(tableOfTheFillRatio("## Measured error on aarch64"))
        .contains("| JDK | Serial | Parallel | G1 | ZGC | Shenandoah |")
        .filteredOn(line -> line.startsWith("| " + version + " |"))
        .singleElement()
        .asString()
        .matches("\\| \\d+ (\\| 0\\.\\d\\d % ){3}\\| not enforced \\| 0\\.\\d\\d % \\|");
  }

  private static List<String> tableOfTheFillRatio(String heading) throws IOException {
    String page = Documents.agent("fill-ratio");
    String section = page.substring(page.indexOf(heading + "\n") + heading.length());
    return section.split("\n## ")[0].lines().filter(line -> line.startsWith("| ")).toList();
  }

  /** As {@code -Pmatrix} writes it; ResidentSetIT measures. */
  @ParameterizedTest
  @EnumSource(AreaKind.class)
  void theTableOfTheResidentSetHasEachJdkWithinFivePercent(AreaKind area) throws IOException {
    Pattern row =
        Pattern.compile(
            "\\| `%s` \\| [^|]+ \\| (\\d+) \\| .* \\| ([+-]\\d+\\.\\d) %% \\|".formatted(area));
    List<MatchResult> rows = row.matcher(Documents.agent("areas")).results().toList();
    assertThat(rows)
        .extracting(match -> Integer.valueOf(match.group(1)))
        .containsExactly(8, 11, 17, 21, 25, 26, 27);
    assertThat(rows)
        .extracting(match -> Double.valueOf(match.group(2)))
        .allMatch(percent -> Math.abs(percent) <= 5);
  }

  /** The report reads these fields; ReportIT compares the fields with a real status. */
  @Test
  void theTableOfTheRecordHasEachFieldAndNoOther() throws IOException {
    String from = "| field | unit | |\n|---|---|---|\n";
    String page = Documents.launcher("watch-record-report");
    String table = page.substring(page.indexOf(from) + from.length()).split("\n\n")[0];
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
    Cli completion = InProcess.run("generate-completion");
    assertThat(completion.code()).isZero();
    assertThat(completion.out()).contains(List.of("attach", "--block", "--area"));
  }
}
