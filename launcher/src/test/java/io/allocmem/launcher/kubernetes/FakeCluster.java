package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The plugin of kubectl with a kubectl that has no cluster: the pods are lines of a file, and the
 * commands in the pods are a script. Each call of kubectl is recorded.
 */
final class FakeCluster {
  static final Path PLUGIN = Path.of("src/kubernetes/kubectl-allocmem").toAbsolutePath();

  private final Path directory;

  FakeCluster(Path directory) {
    this.directory = directory;
    write("calls/none", "");
    commands("echo \"$@\"");
  }

  /** Sets the pods, as the plugin asks kubectl for them. */
  FakeCluster pods(String... lines) {
    return write("pods", lines.length == 0 ? "" : String.join("\n", lines) + "\n");
  }

  /** Sets the pods after the first ephemeral container was added. */
  FakeCluster podsOnceAdded(String... lines) {
    return write("pods.added", String.join("\n", lines) + "\n");
  }

  /** Lets each addition of an ephemeral container fail with this message. */
  FakeCluster forbidden(String message) {
    return write("forbidden", message + "\n");
  }

  /** Sets the shell script for the commands in pods: $1 is the pod, the rest the command. */
  FakeCluster commands(String script) {
    return write("exec", "pod=$1; shift\n" + script + "\n");
  }

  /** Returns a line for a pod whose container {@code app} runs, with further words. */
  static String running(String pod, String... words) {
    return "shop %s Running kept - c=app s=app=running: i=app=containerd%%3A%%2F%%2Fabc %s"
        .formatted(pod, String.join(" ", words))
        .strip();
  }

  /** Returns a line for a pod with an ephemeral container of the plugin that runs. */
  static String entered(String pod) {
    return running(pod, "e=allocmem-1=app", "s=allocmem-1=running:");
  }

  /** Runs the plugin. */
  Cli run(String... words) {
    return run(List.of("sh"), words);
  }

  /** Runs the plugin with a shell. */
  Cli run(List<String> shell, String... words) {
    try {
      Process process = start(shell, words);
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes());
      return new Cli(process.waitFor(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts the plugin with a shell; stdout and stderr together. */
  Process start(List<String> shell, String... words) throws IOException {
    List<String> command = new ArrayList<>(shell);
    command.add(PLUGIN.toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLUSTER", directory.toString());
    builder.environment().put("KUBECTL", directory.resolve("kubectl").toString());
    builder.environment().put("TMPDIR", directory.toString());
    Path kubectl = directory.resolve("kubectl");
    if (!Files.exists(kubectl)) {
      Files.copy(Path.of("src/test/resources/fake-kubectl.sh"), kubectl);
      assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    }
    return builder.start();
  }

  /** Returns the words of each call of a command of kubectl. */
  List<List<String>> calls(String command) {
    try (Stream<Path> files = Files.list(directory.resolve("calls"))) {
      List<List<String>> calls = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().startsWith(command + ".")) {
          calls.add(Files.readAllLines(file));
        }
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns true if the file is there; commands in pods can make files in {@code $CLUSTER}. */
  boolean has(String file) {
    return Files.exists(directory.resolve(file));
  }

  /** Returns the names of the temporary directories that the plugin has left. */
  List<String> leftovers() {
    return Stream.of(directory.toFile().list())
        .filter(name -> name.startsWith("kubectl-"))
        .toList();
  }

  private FakeCluster write(String file, String text) {
    try {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
