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
  @CsvSource({
    "list,LIST",
    "ps,LIST",
    "ls,LIST",
    "status 4711,STATUS",
    "status 0,STATUS",
    "attach 4711 -m 100 -x 2048 -f 0.25 -a native,ATTACH",
    "attach --limit 1g -b 4711 --log-blocks,ATTACH"
  })
  void wordsOfAFrequentFormArePlain(String words, PlainCommand command) {
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
        "check 4711",
        "attach",
        "attach -x 1",
        "attach Main -x 1",
        "attach 1 2 -x 1",
        "attach 1 -x",
        "attach 1 -x -1",
        "attach 1 -x 1 -x 2",
        "attach 1 -x1",
        "attach 1 --limit=1",
        "attach 1 -x 1,m=3",
        "attach 1 -x @a",
        "attach 1 -x 1 --yes",
        "attach 1 -x 1 --wait",
        "attach 1 -x 1 --words agent",
        "attach 1 --preset churn",
        "attach 1 -bl -x 1",
        "attach 1 -x 1 -- -b"
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
