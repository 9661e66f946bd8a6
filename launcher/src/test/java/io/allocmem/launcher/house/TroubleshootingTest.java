package io.allocmem.launcher.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each heading of the troubleshooting page is a message of the code: placeholders stand for values,
 * and the text between placeholders is made of whole string literals of the sources.
 */
class TroubleshootingTest {
  /** Highest number of literals in a message; more literals would match any text. */
  private static final int MOST_LITERALS = 10;

  /** Minimum length of a literal with letters; shorter literals count as separators only. */
  private static final int SHORTEST = 3;

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
  private static final Pattern VALUE =
      Pattern.compile(
          "\\b(PID|NAME|USER|ME|TID|SIZE|COLLECTOR|FLAG|CAUSE|VERSION|HOME|JAVA|JAR|WHY|FILE|LIST|N"
              + "|OTHER|OPTION|COMMAND|ANSWER|NUMBER|VALUE|RULE|A:B|C:D)(?![A-Za-z])|\\b\\d+\\b");
  private static final Set<String> LITERALS = new HashSet<>();

  @BeforeAll
  static void readTheLiteralsOfAllSources() throws IOException {
    for (String module : new String[] {"agent", "launcher"}) {
      try (Stream<Path> files = Files.walk(Documents.ROOT.resolve(module + "/src/main"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String code = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
          LITERAL
              .matcher(code)
              .results()
              .map(found -> found.group(1))
              .forEach(TroubleshootingTest::add);
        }
      }
    }
  }

  private static void add(String literal) {
    String text = literal.replace("\\\"", "\"").replace("%%", "\u0001");
    for (String constant : text.split("%(\\d\\$)?[-.\\d]*[a-z]")) {
      String whole = constant.replace('\u0001', '%');
      if (whole.length() >= SHORTEST || whole.matches("\\P{Alpha}+")) {
        LITERALS.add(whole);
      }
    }
  }

  static List<String> headings() throws IOException {
    return Documents.headings(Documents.launcher("troubleshooting")).stream()
        .filter(heading -> heading.startsWith("`") && !heading.startsWith("`WARNING"))
        .map(heading -> heading.substring(1, heading.length() - 1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("headings")
  void eachHeadingIsAMessageOfTheCode(String heading) {
    assertThat(isSaid(heading)).as(heading).isTrue();
  }

  @Test
  void thePageHasManyMessages() throws IOException {
    assertThat(headings()).hasSizeGreaterThan(40).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allocmem: there is no JVM PID; allocmem list shows the JVMs",
        "allocmem: JVM PID is stopped by a signal or a debugger; continue it first: kill -CONT PID",
        "allocmem: no plan is held in PID; allocmem list shows everything",
        "allocmem: JVM PID has no /tmp directory, where a JVM listens"
      })
  void anotherWordingIsNoMessageOfTheCode(String wording) {
    assertThat(isSaid(wording)).isFalse();
  }

  /** Searches for the fewest literals that compose the message. Placeholders match any value. */
  private static boolean isSaid(String message) {
    int[] fewest = new int[message.length() + 1];
    for (int at = message.length() - 1; at >= 0; at--) {
      fewest[at] = fewestFrom(message, at, fewest);
    }
    return fewest[0] <= MOST_LITERALS;
  }

  private static int fewestFrom(String message, int at, int[] fewest) {
    int least = MOST_LITERALS + 1;
    for (int end = at + 1; end <= message.length(); end++) {
      if (LITERALS.contains(message.substring(at, end))) {
        least = Math.min(least, 1 + fewest[end]);
      }
    }
    List<MatchResult> values = VALUE.matcher(message).results().toList();
    for (MatchResult value : values) {
      if (value.start() == at) {
        least = Math.min(least, fewest[value.end()]);
      }
    }
    return least;
  }
}
