package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Ephemeral container made by {@code kubectl debug}. {@link #start} returns at once. */
record Debug(Kubernetes cluster, String pod, String name) {

  /** Starts a container of this image; the words come after {@code --}. */
  static Debug start(
      Kubernetes cluster,
      String image,
      String pod,
      String name,
      List<String> options,
      String... words) {
    List<Object> command = new ArrayList<>(List.of("debug", pod, "-c", name, "--image=" + image));
    command.addAll(options);
    command.add("--");
    command.addAll(List.of(words));
    cluster.run(command.toArray()).done();
    return new Debug(cluster, pod, name);
  }

  /** Waits for the end of the container; returns exit code and output. */
  Cli end() {
    String code = awaitState(".terminated.exitCode");
    return new Cli(Integer.parseInt(code), logs());
  }

  /** Returns the output up to now. */
  String logs() {
    return cluster.run("logs", pod, "-c", name).out();
  }

  /** Waits until a field of the container's state has a value, and returns the value. */
  String awaitState(String field) {
    String path = "{.status.ephemeralContainerStatuses[?(@.name==\"" + name + "\")].state" + field;
    return Awaitility.await(name)
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> cluster.run("get", "pod", pod, "-o", "jsonpath=" + path + "}").out(),
            value -> !value.isBlank());
  }

  /** Asserts success, and returns the output. */
  String done() {
    Cli end = end();
    assertThat(end.code()).as(end.out()).isZero();
    return end.out();
  }
}
