package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.ServiceImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan that starts with the service: the component of kustomize, built by a kubectl of 1.22 or
 * newer, in a cluster of any version.
 */
class StartUpOnKubernetes {
  private static final Path EXAMPLE = Path.of("../examples/06-kubernetes");
  private static final String OWN_OPTIONS = "-XX:+UseSerialGC -Xmx64m";

  @TempDir private static Path work;
  private static Kubernetes cluster;

  @BeforeAll
  static void openTheCluster() {
    cluster = Kubernetes.open("start-up");
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theComponentAddsThePlanAndKeepsTheOptionsOfTheContainer() {
    String options = "env: [{name: JAVA_TOOL_OPTIONS, value: '%s'}]".formatted(OWN_OPTIONS);
    String built = build("x=20,a=native", deployment("bare", "") + deployment("tuned", options));
    assertThat(cluster.apply(built)).contains("bare created", "tuned created");
    Plugin plugin = new Plugin(cluster);
    for (String name : List.of("bare", "tuned")) {
      cluster.run("rollout", "status", "deployment/" + name, "--timeout=120s").done();
    }
    Cli wait = plugin.run("-l", "app=shop", "--", "wait");
    assertThat(wait.code()).as(wait.out()).isZero();
    assertThat(wait.out()).containsPattern("bare-\\S+  plan default: HOLDING, 20 blocks");
    assertThat(wait.out()).containsPattern("tuned-\\S+  plan default: HOLDING, 20 blocks");
    String log = cluster.run("logs", "deployment/tuned", "-c", "app").done();
    assertThat(log).contains("allocmem-agent.jar=x=20,a=native " + OWN_OPTIONS);
  }

  /**
   * A read-only root file system, where an attach is impossible: the armed agent has its file in
   * /dev/shm, and the plugin finds the file.
   */
  @Test
  void theComponentArmsTheServiceForPlansOfThePlugin() {
    String user = "readOnlyRootFilesystem: true, runAsUser: 1000, runAsGroup: 1000";
    String sealed =
        deployment("armed", "securityContext: {%s}".formatted(user)).replace("shop", "sealed");
    assertThat(cluster.apply(build("armed,ttl=1h,by=shop", sealed))).contains("armed created");
    cluster.run("rollout", "status", "deployment/armed", "--timeout=120s").done();
    Plugin plugin = new Plugin(cluster);
    Cli list = plugin.run("-l", "name=armed", "--", "list");
    assertThat(list.out()).containsPattern("ARMED").containsPattern("m left, by shop");
    Cli attached = plugin.run("-l", "name=armed", "--", "attach", "-x", "20", "--wait");
    assertThat(attached.code()).as(attached.out()).isZero();
    assertThat(attached.out()).containsPattern("armed-\\S+  plan default: HOLDING, 20 blocks");
    Cli released = plugin.run("-l", "name=armed", "--", "release");
    assertThat(released.out()).contains("released 20 MiB");
    assertThat(plugin.run("-l", "name=armed", "--", "disarm").out()).contains(": disarmed");
    Cli refused = plugin.run("-l", "name=armed", "--", "attach", "-x", "20");
    assertThat(refused.out()).contains("/tmp of JVM 1 cannot be written to");
  }

  /** A value and a source of a value exclude each other: the API server says so. */
  @Test
  void optionsFromAConfigMapAreNotReplacedInSilence() {
    String source =
        "env: [{name: JAVA_TOOL_OPTIONS, valueFrom: {configMapKeyRef: {name: a, key: b}}}]";
    String built = build("x=20,a=native", deployment("sourced", source));
    Cli applied = Cli.of(cluster.kubectl("apply", "--dry-run=server", "-f", "-"), built);
    assertThat(applied.code()).isNotZero();
    assertThat(applied.out()).contains("may not be specified when `value` is not empty");
  }

  private static String deployment(String name, String options) {
    return """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s}
        spec:
          selector: {matchLabels: {name: %s}}
          template:
            metadata: {labels: {app: shop, name: %s}}
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{name: app, image: '%s', stdin: true, %s}]
        """
        .formatted(name, name, name, cluster.image(ServiceImage.SHELL), options)
        .replace(", }", "}");
  }

  /** Builds a kustomization of these objects and the component, with arguments of the agent. */
  private static String build(String arguments, String objects) {
    try {
      Path overlay = Files.createTempDirectory(work, "overlay");
      Path component = Files.createDirectory(overlay.resolve("component"));
      try (Stream<Path> files = Files.list(EXAMPLE.resolve("component"))) {
        for (Path file : files.toList()) {
          String text = Files.readString(file);
          text = text.replace("=preset=slow-leak,d=10m", "=" + arguments);
          Files.writeString(component.resolve(file.getFileName()), text);
        }
      }
      Files.writeString(overlay.resolve("objects.yaml"), objects);
      Files.writeString(
          overlay.resolve("kustomization.yaml"),
          "resources: [objects.yaml]\ncomponents: [component]\n");
      Cli built = kubectl("kustomize", overlay.toString());
      assertThat(built.out()).doesNotContain("ConfigMap\n");
      return built.done();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the kubectl of this machine, which may be newer than the cluster. */
  private static Cli kubectl(String... words) {
    List<String> command = Stream.concat(Stream.of("kubectl"), Stream.of(words)).toList();
    String version;
    try {
      version = Cli.of(List.of("kubectl", "version", "--client", "-o", "json"), "").out();
    } catch (UncheckedIOException none) {
      version = "";
    }
    boolean knows = version.matches("(?s).*\"minor\": \"(2[2-9]|[3-9]\\d).*");
    if (!knows) {
      System.out.println("skipped, no kubectl of 1.22 or newer: components of kustomize");
    }
    assumeTrue(knows, "kubectl of 1.22 or newer");
    return Cli.of(command, "");
  }
}
