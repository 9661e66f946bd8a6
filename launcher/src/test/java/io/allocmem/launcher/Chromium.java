package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real browser without a window and without a network, with a profile of its own each time. */
final class Chromium {
  /** What a page is, once its scripts ran, and what the browser's console says of it. */
  record Page(String dom, List<String> console) {}

  private final Path profiles;

  private Chromium(Path profiles) {
    this.profiles = profiles;
  }

  /** Skips the test where there is none; a snap's sees no file of ours. */
  static Chromium find(Path profiles) throws IOException {
    Path found = null;
    for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
      Path candidate = Path.of(directory, "chromium");
      if (found == null && Files.isExecutable(candidate)) {
        found = candidate.toRealPath();
      }
    }
    assumeTrue(
        found != null && !found.endsWith("snap"),
        "there is no chromium here, or a snap only: on Debian, apt-get install chromium");
    return new Chromium(profiles);
  }

  Page open(Path page) throws IOException, InterruptedException {
    Path log = Files.createTempFile(profiles, "chromium-", ".log");
    String dom = run(log, "--dump-dom", page.toUri());
    try (Stream<String> lines = Files.lines(log)) {
      return new Page(dom, lines.filter(line -> line.contains(":CONSOLE")).toList());
    }
  }

  /** Takes a picture of what a reader sees first. */
  void show(Path page, Path picture, String... options) throws IOException, InterruptedException {
    Files.deleteIfExists(picture);
    List<Object> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("--window-size=1000,1000", "--hide-scrollbars"));
    words.addAll(List.of("--screenshot=" + picture.toAbsolutePath(), page.toUri()));
    run(Files.createTempFile(profiles, "chromium-", ".log"), words.toArray());
  }

  private String run(Path log, Object... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr",
                "--user-data-dir=" + Files.createTempDirectory(profiles, "chromium-")));
    for (Object word : words) {
      command.add(word.toString());
    }
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    return out;
  }
}
