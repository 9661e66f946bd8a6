package io.allocmem.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A terminal that nobody looks at, with a shell in it: tmux, on a socket of its own. */
final class Tmux implements AutoCloseable {
  private final Path socket;

  /** Starts it, with those variables set; its BEFORE is how the terminal is set. */
  Tmux(Path directory, int width, int height, String... environment) {
    socket = directory.resolve("tmux");
    List<String> command = new ArrayList<>(List.of("-u", "-f", "/dev/null", "new-session", "-d"));
    command.addAll(List.of("-x", String.valueOf(width), "-y", String.valueOf(height)));
    command.addAll(List.of("env", "LC_ALL=C.UTF-8", "PS1=$ "));
    command.addAll(List.of(environment));
    command.add("sh");
    tmux(command.toArray(new String[0]));
    type("BEFORE=$(stty -g); clear");
    await(lines -> lines.get(0).equals("$"));
  }

  private String tmux(String... words) {
    List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
    command.addAll(List.of(words));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + out);
      }
      return out;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("the tests of the live view need tmux: .ci/setup tests", e);
    }
  }

  /** Types a line. */
  void type(String line) {
    tmux("send-keys", "-l", line);
    press("Enter");
  }

  /** Presses a key, by tmux's name. */
  void press(String key) {
    tmux("send-keys", key);
  }

  void resize(int width, int height) {
    tmux("resize-window", "-x", String.valueOf(width), "-y", String.valueOf(height));
  }

  /** What is on the screen. */
  List<String> lines() {
    return tmux("capture-pane", "-p").lines().toList();
  }

  /** The same with the sequences that make colours. */
  String colors() {
    return tmux("capture-pane", "-p", "-e");
  }

  /** Whether the program has the terminal's other screen, which a pager has too. */
  boolean isOtherScreen() {
    return tmux("display-message", "-p", "#{alternate_on}").equals("1\n");
  }

  /** Whether the cursor is seen. */
  boolean isCursor() {
    return tmux("display-message", "-p", "#{cursor_flag}").equals("1\n");
  }

  /** The screen, once it is so. */
  List<String> await(Predicate<List<String>> kind) {
    try {
      return Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(50))
          .until(this::lines, kind);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(String.join("\n", lines()), e);
    }
  }

  /** The screen, once a line of it has that part. */
  List<String> await(String part) {
    return await(lines -> lines.stream().anyMatch(line -> line.contains(part)));
  }

  @Override
  public void close() {
    tmux("kill-server");
  }
}
