package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.ServiceImage;
import io.allocmem.launcher.fixtures.Signal;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin of kubectl over eight pods, which differ in user, root directory and first process.
 */
class PluginOnKubernetes {
  private static final String USER = "securityContext: {runAsUser: 1000, runAsGroup: 1000}";
  private static final String READ_ONLY = "securityContext: {readOnlyRootFilesystem: true}";
  private static final List<String> ATTACHABLE =
      List.of("root", "pod-user", "app-user", "non-root", "with-tmp", "shell", "shared");

  private static final Pattern REQUEST =
      Pattern.compile("\\b(GET|POST|PUT|PATCH)\\W[^ ]*/namespaces/[^/]+/pods(/[^/? ]+)?(/[^? ]+)?");
  private static final Pattern RULE =
      Pattern.compile("resources: \\[([^\\]]+)]\\s+verbs: \\[([^\\]]+)]");

  private static Kubernetes cluster;
  private static Plugin plugin;

  @BeforeAll
  static void startThePods() {
    cluster = Kubernetes.open("plugin");
    plugin = new Plugin(cluster);
    String pods =
        pod("root", "", "", "")
            + pod("pod-user", USER, "", "")
            + pod("app-user", "", USER, "")
            + pod("non-root", USER.replace("{", "{runAsNonRoot: true, "), "", "")
            + pod("read-only", USER, READ_ONLY, "")
            + pod(
                    "with-tmp",
                    USER,
                    READ_ONLY + "\n    volumeMounts: [{name: t, mountPath: /tmp}]",
                    "")
                .replace("\n  containers", "\n  volumes: [{name: t, emptyDir: {}}]\n  containers")
            + pod("shell", USER, "command: [sh, -c, 'java -cp /app TargetApplication; true']", "")
            + pod("shared", USER + "\n  shareProcessNamespace: true", "", "sleep");
    cluster.apply(pods);
    cluster.awaitReady(
        Stream.concat(ATTACHABLE.stream(), Stream.of("read-only")).toArray(String[]::new));
  }

  private static String pod(String name, String ofPod, String ofContainer, String second) {
    String image = cluster.image(ServiceImage.SHELL);
    String other = "  - {name: other, image: '%s', command: [sleep, '9999']}\n".formatted(image);
    return """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: shop}}
        spec:
          terminationGracePeriodSeconds: 0
          %s
          containers:
          - name: app
            image: %s
            stdin: true
            env: [{name: JAVA_TOOL_OPTIONS, value: -Xmx64m -XX:+UseSerialGC}]
            resources: {limits: {memory: 400Mi}}
            %s
        """
            .formatted(name, ofPod, image, ofContainer)
        + (second.isEmpty() ? "" : other);
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void sevenPodsHoldAndReleaseAndTheOneThatFailsDecidesTheCode() {
    Cli attached = all("attach", "--until", "85%", "-n", "eight", "--wait");
    assertThat(attached.code()).as(attached.out()).isEqualTo(1);
    for (String pod : ATTACHABLE) {
      assertThat(attached.out()).contains(pod + "  plan eight: HOLDING");
    }
    assertThat(attached.out())
        .contains("read-only  allocmem: /tmp of JVM 1 cannot be written to")
        .contains("kubectl allocmem: exit codes other than 0, read-only: 1");

    Cli status = all("status", "-n", "eight");
    assertThat(status.out()).doesNotContain("adds the ephemeral container");
    for (String pod : ATTACHABLE) {
      assertThat(status.out()).containsPattern("(?m)^" + pod + "  .*HOLDING");
    }

    Cli released = all("release", "--if-held");
    assertThat(released.code()).as(released.out()).isZero();
    for (String pod : ATTACHABLE) {
      assertThat(released.out()).contains(pod + "  plan eight in JVM ");
    }
    assertThat(released.out()).contains("read-only  nothing to release");
    assertThat(all("list").out()).doesNotContain("HOLDING");
  }

  private static Cli all(String... words) {
    List<String> selection = List.of("-l", "app=shop", "--parallel", "3", "--");
    return plugin.run(Stream.concat(selection.stream(), Stream.of(words)).toArray(String[]::new));
  }

  /** The command in the pod runs as the user of the JVM: without a second process, and rights. */
  @Test
  void ctrlCReleasesWhatTheCommandHolds() throws Exception {
    Process holding =
        plugin.start("app-user", "--", "attach", "-x", "9", "-a", "native", "-n", "held", "--hold");
    try (BufferedReader out = holding.inputReader()) {
      assertThat(out.lines().takeWhile(line -> !line.contains("HOLDING")))
          .contains("app-user  released if not renewed within 30s");
      String home = home("app-user");
      String processes = cluster.run("exec", "app-user", "-c", home, "--", "ps").done();
      assertThat(processes).containsPattern("\\d+ 1000 .*allocmem\\.jar attach");
      Signal.send("INT", holding.pid());
      assertThat(out.lines()).contains("app-user  plan held: RELEASED");
    }
    assertThat(holding.waitFor()).isEqualTo(130);
    String later = cluster.run("exec", "app-user", "-c", home("app-user"), "--", "ps").done();
    assertThat(later).doesNotContain("allocmem.jar");
  }

  @Test
  void theRoleOfTheExampleAllowsEachRequestOfAFirstUse(@TempDir Path work) throws Exception {
    Path log = work.resolve("requests");
    Path kubectl = work.resolve("kubectl");
    String script = "#!/bin/sh\nexec %s -v=6 \"$@\" 2>>%s\n";
    Files.writeString(kubectl, script.formatted(cluster.kubectl().get(0), log));
    assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    Cli run = plugin.runBy(kubectl, "shared", "-c", "other", "--", "list");
    assertThat(run.out()).contains("adds the ephemeral container");
    List<String> asked =
        REQUEST.matcher(Files.readString(log)).results().map(PluginOnKubernetes::right).toList();
    assertThat(asked).contains("create pods/exec").hasSizeGreaterThan(4);
    String rights = Files.readString(Path.of("../examples/06-kubernetes/plugin-rights.yaml"));
    List<String> allowed = new ArrayList<>();
    RULE.matcher(rights)
        .results()
        .forEach(
            rule -> {
              for (String verb : rule.group(2).split(", ")) {
                allowed.add(verb + " " + rule.group(1));
              }
            });
    assertThat(allowed).containsAll(asked).hasSize(7);
  }

  private static String right(MatchResult request) {
    String subresource = request.group(3) == null ? "" : request.group(3);
    Map<String, String> verbs = Map.of("POST", "create", "PUT", "update", "PATCH", "patch");
    String read = request.group(2) == null ? "list" : "get";
    return verbs.getOrDefault(request.group(1), read) + " pods" + subresource;
  }

  private static String home(String pod) {
    return cluster
        .run("get", "pod", pod, "-o", "jsonpath={.spec.ephemeralContainers[0].name}")
        .done();
  }
}
