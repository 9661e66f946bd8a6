package io.allocmem.launcher.kubernetes;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The plugin of kubectl in a namespace of a real cluster. */
record Plugin(Kubernetes cluster) {
  /** Runs the plugin with these words, with images that are on the node. */
  Cli run(String... words) {
    return Cli.of(command(words), "");
  }

  /** Runs the plugin with another kubectl. */
  Cli runBy(Path kubectl, String... words) {
    List<String> command = command(words);
    command.set(1, "KUBECTL=" + kubectl);
    return Cli.of(command, "");
  }

  /** Starts the plugin with these words; Ctrl+C reaches the plugin. */
  Process start(String... words) {
    List<String> command = new ArrayList<>(List.of("env", Signal.DEFAULT_INT));
    command.addAll(command(words));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of("env"));
    command.add("KUBECTL=" + cluster.kubectl().get(0));
    command.add("ALLOCMEM_IMAGE=" + cluster.image());
    command.add(FakeCluster.PLUGIN.toString());
    command.addAll(List.of("-n", cluster.namespace(), "--image-pull-policy", "Never"));
    command.addAll(List.of(words));
    return command;
  }
}
