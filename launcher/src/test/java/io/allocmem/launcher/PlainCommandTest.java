package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that run without the parser say the same as with the parser. */
class PlainCommandTest {
  @ParameterizedTest
  @CsvSource({"list,LIST", "ps,LIST", "ls,LIST", "status 4711,STATUS", "status 0,STATUS"})
  void wordsWithoutAnOptionArePlain(String words, PlainCommand command) {
    assertThat(PlainCommand.of(words.split(" "))).isEqualTo(command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lists",
        "list 1",
        "list --json",
        "--verbose list",
        "allocmem list",
        "status",
        "status -1",
        "status Main",
        "status 1 --json",
        "status @a",
        "status 1234567890123456789",
        "check 4711"
      })
  void otherWordsNeedTheParser(String words) {
    assertThat(PlainCommand.of(words.split(" "))).isNull();
    assertThat(PlainCommand.of()).isNull();
  }

  /** A pid above the kernel's maximum, and a pid without a plan. */
  @ParameterizedTest
  @ValueSource(longs = {1L << 40, 0, 1})
  void aStatusIsTheSameAsWithTheParser(long pid) {
    assertThat(run("status", "" + pid)).isEqualTo(run("allocmem", "status", "" + pid));
  }

  @Test
  void aListHasTheColumnsOfTheParsedList() {
    assertThat(run("list").lines().findFirst())
        .isEqualTo(run("allocmem", "ls").lines().findFirst());
  }

  private static String run(String... words) {
    StringWriter said = new StringWriter();
    PrintWriter printer = new PrintWriter(said, true);
    return Launcher.run(printer, printer, words) + " " + said;
  }
}
