package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.Preset;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Options that stand in another place: in a preset, or in a file. */
class PresetTest {
  @TempDir private Path directory;

  private final StringWriter printed = new StringWriter();

  private HoldPlan plan(String... words) {
    CommandLine allocmem =
        new CommandLine(new AllocmemCommand()).setErr(new PrintWriter(printed, true));
    allocmem.parseArgs(words);
    return PlanOptions.planOf(allocmem.getParseResult().subcommand().commandSpec(), Map.of());
  }

  /** The printed options make the same plan, and stand on the page. */
  @ParameterizedTest
  @EnumSource(Preset.class)
  void aPresetPrintsTheOptionsThatThePresetStandsFor(Preset preset) throws IOException {
    HoldPlan plan = plan("attach", "1", "--preset", preset.toString());
    assertThat(printed.toString()).startsWith("preset " + preset + ": -");
    String options = printed.toString().strip().replace("preset " + preset + ": ", "");
    assertThat(AgentArguments.print(plan(("attach 1 " + options).split(" "))))
        .isEqualTo(AgentArguments.print(plan));
    assertThat(Files.readString(Path.of("docs/amounts-patterns-limits.md")))
        .contains("\n| `" + preset + "` | `" + options + "` |\n");
  }

  @Test
  void aGivenOptionIsNotPrintedWithThePreset() {
    plan("check", "1", "--preset", "Slow-Leak", "-x", "1g", "--rate", "10m/s");
    assertThat(printed).hasToString("preset slow-leak: -m 5" + System.lineSeparator());
  }

  @Test
  void withoutAPresetNothingIsPrinted() {
    plan("run", "-x", "1g");
    assertThat(printed.toString()).isEmpty();
  }

  @Test
  void aPresetIsAnAmountForACheck() {
    Cli checked = InProcess.run("check", ProcessHandle.current().pid(), "--preset", "above-xmx");
    assertThat(checked.out()).contains("preset above-xmx: -m 64 -x 512 -a native", "8 blocks of");
  }

  @Test
  void aFileOfOptionsStandsForTheWordsInTheFile() throws IOException {
    Path file = directory.resolve("leak.options");
    Files.writeString(file, "# a comment\n-m 10 -x 50%\n--rate 10m/s\n--log 'a b.log'\n");
    HoldPlan plan = plan("attach", "1", "@" + file, "-d", "10m");
    assertThat(AgentArguments.print(plan))
        .startsWith("m=10m,x=50%,")
        .contains(",e=1s,", ",d=10m,", ",log=a b.log,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "check", "run"})
  void theHelpNamesTheFileOfOptions(String command) {
    assertThat(InProcess.run(command, "--help").out()).contains("[@<filename>...]");
  }

  @Test
  void aFileOfOptionsThatCannotBeReadIsNamed() {
    Cli missing = InProcess.run("attach", "1", "@" + directory.resolve("none"));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.out()).contains("cannot read the options in ", "none: no such file; a word");
    assertThat(InProcess.run("attach", "1", "@" + directory).out()).contains(": a directory; ");
  }

  @Test
  void aFileOfOptionsThatIsEndlessOrHugeIsNotRead() throws IOException {
    assertThat(InProcess.run("attach", "1", "@/dev/zero").out()).contains(": not a regular file; ");
    Path huge = directory.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    assertThat(InProcess.run("attach", "1", "@" + huge).out()).contains(": over 1 MiB; ");
  }
}
