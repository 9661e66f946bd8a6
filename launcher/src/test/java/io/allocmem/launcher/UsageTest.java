package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.PlanOption;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Help texts of the command line, and messages for mistyped commands. */
class UsageTest {
  private final StringWriter said = new StringWriter();

  private int run(String... arguments) {
    PrintWriter printer = new PrintWriter(said, true);
    return Launcher.run(printer, printer, arguments);
  }

  /** Returns the example lines of all commands, as typed by a user. */
  static Stream<String> examples() {
    CommandLine allocmem = new CommandLine(new AllocmemCommand());
    return Stream.concat(Stream.of(allocmem), allocmem.getSubcommands().values().stream())
        .flatMap(command -> Stream.of(command.getCommandSpec().usageMessage().footer()))
        .filter(line -> line.startsWith("  "))
        .map(line -> line.strip().split(" {2,}")[0].replace("%%", "%"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void eachExampleCanBeTyped(String example) {
    List<String> words = List.of(example.replaceFirst("^allocmem ", "").split(" "));
    CommandLine allocmem = new CommandLine(new AllocmemCommand());
    CommandLine command =
        allocmem.parseArgs(words.toArray(new String[0])).subcommand().commandSpec().commandLine();
    if (List.of("attach", "check", "run").contains(command.getCommandName())) {
      assertThat(PlanOptions.planOf(command.getCommandSpec(), Map.of())).isNotNull();
    }
  }

  @Test
  void withoutACommandAllAreShown() {
    assertThat(run()).isEqualTo(2);
    assertThat(said.toString()).contains("Usage: allocmem", "attach", "release", "Examples:");
  }

  /** An image with an entry point gets the name as an argument. */
  @Test
  void aFirstWordAllocmemIsTheNameOnceMore() {
    assertThat(run("allocmem", "attach", "--help")).isZero();
    assertThat(said.toString()).startsWith("Usage: allocmem attach");
  }

  @Test
  void noPlanGoesIntoTheLauncherItself() {
    assertThat(run("attach", "" + ProcessHandle.current().pid(), "-x", "1")).isEqualTo(1);
    assertThat(said.toString()).contains("is this allocmem itself; allocmem list shows the JVMs");
  }

  @Test
  void aTargetByEffectNeedsAService() {
    assertThat(run("run", "--until", "gc:25%")).isEqualTo(2);
    assertThat(said.toString()).contains("--until gc:25% needs a service", "--until 85%");
  }

  @Test
  void aMistypedWordIsGuessed() {
    assertThat(run("atach", "1")).isEqualTo(2);
    assertThat(run("attach", "1", "--limt=4")).isEqualTo(2);
    assertThat(said.toString()).contains("'atach'", "Did you mean: allocmem attach", "--limit");
  }

  @ParameterizedTest
  @CsvSource({"stop,release", "ps,list", "ls,list", "top,watch"})
  void wordsOfOtherToolsAreCommandsToo(String alias, String command) {
    assertThat(run(alias, "--help")).isZero();
    assertThat(said.toString()).startsWith("Usage: allocmem " + command + " ");
    assertThat(run("--help")).isZero();
    assertThat(said.toString()).containsPattern("(?m)^  " + command + ",.* " + alias);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m 100 -x 9q", "--verbose -x 9q -J-Xmx1g", "-x9q", "--limit=9q --watch"})
  void optionsOfAPlanWithoutACommandAreARun(String words) {
    assertThat(run(words.split(" "))).isEqualTo(2);
    assertThat(said.toString()).contains("9q", "See: allocmem run --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version", "--verbose --version"})
  void optionsOfAllocmemAloneStartNothing(String words) {
    assertThat(run(words.split(" "))).isZero();
    assertThat(said.toString()).startsWith("allocmem ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "check", "run"})
  void aPlansOptionsStandInTheOrderOfTheTable(String command) {
    assertThat(run(command, "--help")).isZero();
    List<String> shown = said.toString().lines().filter(line -> line.contains("--")).toList();
    List<Integer> places =
        Stream.of(PlanOption.values())
            .filter(option -> !option.isForAgent())
            .map(option -> place(shown, "--" + option.launcherName()))
            .toList();
    assertThat(places).isSorted().doesNotHaveDuplicates();
    assertThat(said.toString()).doesNotContain("--main");
  }

  private static int place(List<String> shown, String option) {
    for (int i = 0; i < shown.size(); i++) {
      if (shown.get(i).matches("  (-., |    )" + option + "(=.*| .*)?")) {
        return i;
      }
    }
    throw new AssertionError(option);
  }
}
