package io.allocmem.launcher.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Documents of the repository: README, the pages of both modules, and the pages for GitHub. */
final class Documents {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Path README = ROOT.resolve("README.md");
  private static final List<String> FOLDERS =
      List.of("launcher/docs", "agent/docs", ".github", "examples");

  private Documents() {}

  /** Returns all Markdown files. */
  static List<Path> all() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  /** Returns the text of a page of the launcher, such as {@code troubleshooting}. */
  static String launcher(String page) throws IOException {
    return Files.readString(ROOT.resolve("launcher/docs/" + page + ".md"));
  }

  /** Returns the text of a page of the agent. */
  static String agent(String page) throws IOException {
    return Files.readString(ROOT.resolve("agent/docs/" + page + ".md"));
  }

  /** Returns the lines outside code blocks. */
  static List<String> prose(String text) {
    List<String> lines = new ArrayList<>();
    boolean code = false;
    for (String line : text.lines().toList()) {
      boolean fence = line.startsWith("```");
      code ^= fence;
      if (!code && !fence) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** Returns the headings, without the number signs. */
  static List<String> headings(String text) {
    return prose(text).stream()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("^#+ ", ""))
        .toList();
  }

  /** Returns the anchor that GitHub generates for a heading. */
  static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
