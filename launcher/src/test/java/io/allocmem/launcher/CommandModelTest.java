package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The model with one command says the same as the model with all commands. */
class CommandModelTest {
  private static final Set<String> OF_PICOCLI = Set.of("generate-completion", "help");

  /** Returns the names of all commands, and their further names. */
  static Stream<String> words() {
    return new CommandLine(new AllocmemCommand())
        .getSubcommands().keySet().stream().filter(word -> !OF_PICOCLI.contains(word));
  }

  @ParameterizedTest
  @MethodSource("words")
  void theHelpOfACommandAloneIsItsHelpAmongAll(String word) {
    CommandLine alone = new CommandLine(new AllocmemCommand(CommandModel.only(word)));
    assertThat(Set.copyOf(alone.getSubcommands().values())).hasSize(1);
    assertThat(usage(alone.getSubcommands().get(word)))
        .isEqualTo(usage(new CommandLine(new AllocmemCommand()).getSubcommands().get(word)));
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }

  @ParameterizedTest
  @MethodSource("words")
  void theErrorOfACommandAloneIsItsErrorAmongAll(String word) {
    String[] words = {word, "--limt=4", "one", "two"};
    assertThat(error(CommandModel.only(words), words))
        .contains("--limt=4")
        .isEqualTo(error(null, words));
  }

  private static Map.Entry<Integer, String> run(String only, String... words) {
    StringWriter said = new StringWriter();
    PrintWriter printer = new PrintWriter(said, true);
    int code =
        AllocmemCommand.commandLine(new AllocmemCommand(only), printer, printer).execute(words);
    return Map.entry(code, said.toString());
  }

  private static String error(String only, String... words) {
    Map.Entry<Integer, String> answer = run(only, words);
    assertThat(answer.getKey()).isEqualTo(2);
    return answer.getValue();
  }

  @ParameterizedTest
  @CsvSource({"ps,ps", "allocmem list,list", "--verbose stop 1,stop", "allocmem --verbose top,top"})
  void aWordOfACommandAsksForThatCommand(String words, String only) {
    assertThat(CommandModel.only(words.split(" "))).isEqualTo(only);
  }

  @ParameterizedTest
  @EmptySource
  @ValueSource(
      strings = {
        "atach 1",
        "--help",
        "-V",
        "-m 1 -x 2",
        "help attach",
        "generate-completion",
        "@a"
      })
  void otherWordsAskForAllCommands(String words) {
    assertThat(CommandModel.only(words.split(" "))).isNull();
    assertThat(CommandModel.only()).isNull();
  }

  @Test
  void allCommandsAreInTheHelp() {
    assertThat(run(null, "--help").getValue()).contains("  list, ps, ls  ", "  resume ", "  help ");
  }
}
