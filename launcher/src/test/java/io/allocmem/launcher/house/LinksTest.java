package io.allocmem.launcher.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** README is short, each link of the documents resolves, and the workflows are pinned. */
class LinksTest {
  private static final int MOST_LINES_OF_README = 150;
  private static final long MOST_BYTES_OF_A_PICTURE = 60_000;
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|srcset)=\"([^\"]+)\"");

  static List<Path> pages() throws IOException {
    return Documents.all();
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(Files.readAllLines(Documents.README)).hasSizeLessThanOrEqualTo(MOST_LINES_OF_README);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void eachLinkAndAnchorResolves(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String link : linksOf(page)) {
      if (!link.startsWith("http") && !resolves(page, link)) {
        broken.add(link);
      }
    }
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void readmeLeadsToEachPage(Path page) throws IOException {
    boolean template = page.getFileName().toString().contains("template");
    boolean linked =
        linksOf(Documents.README).stream().anyMatch(link -> targetOf(Documents.README, link, page));
    assertThat(linked || template || page.equals(Documents.README)).isTrue();
  }

  @Test
  void picturesAreSmall() throws IOException {
    for (String theme : new String[] {"light", "dark"}) {
      Path picture = Documents.ROOT.resolve("launcher/docs/leak-" + theme + ".png");
      assertThat(Files.size(picture)).isBetween(1000L, MOST_BYTES_OF_A_PICTURE);
      assertThat(Files.readString(Documents.README)).contains("launcher/docs/leak-" + theme);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci", "release"})
  void eachActionOfAWorkflowIsPinnedByCommit(String name) throws IOException {
    String workflow =
        Files.readString(Documents.ROOT.resolve(".github/workflows/" + name + ".yml"));
    List<String> uses = workflow.lines().filter(line -> line.contains("uses:")).toList();
    assertThat(uses).isNotEmpty().allMatch(line -> line.matches(".*@[0-9a-f]{40} # v[\\d.]+"));
    assertThat(workflow).contains("permissions:\n  contents: read\n");
  }

  @Test
  void aBrokenLinkIsFound() {
    assertThat(resolves(Documents.README, "launcher/docs/no-page.md")).isFalse();
    assertThat(resolves(Documents.README, "launcher/docs/troubleshooting.md#nowhere")).isFalse();
    assertThat(resolves(Documents.README, "../outside")).isFalse();
    assertThat(resolves(Documents.README, "#install")).isTrue();
  }

  private static List<String> linksOf(Path page) throws IOException {
    String prose = String.join("\n", Documents.prose(Files.readString(page)));
    return LINK.matcher(prose).results().map(LinksTest::target).toList();
  }

  private static String target(MatchResult link) {
    return link.group(1) == null ? link.group(2) : link.group(1);
  }

  private static boolean targetOf(Path from, String link, Path page) {
    return from.resolveSibling(link.split("#", 2)[0]).normalize().equals(page);
  }

  private static boolean resolves(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!target.startsWith(Documents.ROOT) || !Files.exists(target)) {
      return false;
    }
    return parts.length == 1 || anchorsOf(target).contains(parts[1]);
  }

  private static List<String> anchorsOf(Path target) {
    try {
      return Documents.headings(Files.readString(target)).stream().map(Documents::anchor).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
