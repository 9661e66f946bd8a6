package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Kubernetes;
import io.allocmem.launcher.fixtures.Tmux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attach from an ephemeral container, by {@code kubectl debug}: users, file systems and namespaces
 * of pods. Each sentence that one sees is in the README of the example.
 */
class DebugOnKubernetes {
  private static final Path EXAMPLE = Path.of("../examples/06-kubernetes");
  private static final String[] ATTACH = {"allocmem", "attach", "1", "-x", "20", "-a", "native"};
  private static final String HELD = "20 blocks of 1 MiB = 20 MiB";
  private static final String IN_JVM_1 = "plan default in JVM 1: " + HELD;

  private static Kubernetes cluster;

  @TempDir private Path directory;

  @BeforeAll
  static void startThePods() throws IOException {
    cluster = Kubernetes.open("debug");
    cluster.apply(Files.readString(Path.of("src/test/resources/debug-pods.yaml")));
    cluster.run("wait", "--for=condition=Ready", "pod", "--all", "--timeout=120s").done();
  }

  @AfterAll
  static void removeThePods() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Debug debug(String pod, String name, String... words) {
    return Debug.start(cluster, cluster.image(), pod, name, List.of("--target=app"), words);
  }

  /** Asserts a failure with this sentence, which the README of the example explains. */
  private static void assertRefused(Debug debug, String sentence) throws IOException {
    Cli end = debug.end();
    assertThat(end.code()).as(end.out()).isEqualTo(1);
    assertThat(end.out().strip()).isEqualTo("allocmem: " + sentence);
    assertDocumented(sentence);
  }

  private static void assertDocumented(String sentence) throws IOException {
    assertThat(Files.readString(EXAMPLE.resolve("README.md"))).contains(sentence);
  }

  @Test
  void theUserOfThePodHoldsAndReleases() {
    assertThat(debug("same-user", "line", ATTACH).done()).contains(IN_JVM_1);
    String release = "allocmem status 1 && allocmem release 1";
    assertThat(debug("same-user", "release", "sh", "-c", release).done())
        .contains("HOLDING", "released 20 MiB");
  }

  @Test
  void anotherUserLearnsTheSecurityContext() throws IOException {
    assertRefused(
        debug("other-user", "line", ATTACH),
        "process 1 belongs to user 2000, you are 1000; run it as that user: securityContext: {runAsUser: 2000, runAsGroup: 1000} (kubectl debug --custom=FILE)");
  }

  @Test
  void rootWithoutTheRightToTraceHolds() {
    assertThat(debug("root", "line", ATTACH).done()).contains(IN_JVM_1);
  }

  @Test
  void aPodThatForbidsRootNeedsAnImageOrAProfileWithAUser() throws IOException {
    String sentence = "container has runAsNonRoot and image will run as root";
    assertThat(debug("non-root", "root", ATTACH).awaitState(".waiting.message")).contains(sentence);
    assertDocumented(sentence);
    List<String> target = List.of("--target=app");
    Debug user = Debug.start(cluster, cluster.imageOf(1000), "non-root", "user", target, ATTACH);
    assertThat(user.done()).contains(IN_JVM_1);
  }

  @Test
  void aReadOnlyRootWithoutTmpIsRefused() throws IOException {
    assertRefused(
        debug("read-only", "line", ATTACH),
        "/tmp of JVM 1 cannot be written to (read-only, full, or not for its user); mount a volume there (emptyDir), or start the JVM with -javaagent:allocmem-agent.jar=…");
  }

  @Test
  void aReadOnlyRootWithTmpHolds() throws IOException {
    String note = "resident pages not counted here: no page library can be loaded from /dev/shm/";
    assertThat(debug("read-only-tmp", "line", ATTACH).done()).contains(IN_JVM_1, note);
    assertDocumented(note);
  }

  @Test
  void aJvmBelowAShellIsNamed() throws IOException {
    assertThat(debug("below-shell", "line", ATTACH).end().out().strip())
        .matches(
            "allocmem: process 1 \\(sh\\) is not a JVM; give the pid of one: \\d+ TargetApplication");
    assertDocumented("process 1 (sh) is not a JVM; give the pid of one: 8 TargetApplication");
    assertThat(debug("below-shell", "any", "attach", "-x", "20", "-a", "native").done())
        .contains("no PID given: JVM ", HELD);
  }

  @Test
  void inASharedPidNamespaceTheContainerTellsTheJvms() {
    assertThat(debug("shared", "line", ATTACH).end().out())
        .matches(
            "allocmem: process 1 \\(\\S+\\) is not a JVM; give the pid of one: \\d+ TargetApplication, \\d+ TargetApplication\n");
    String list = debug("shared", "list", "list").done();
    Matcher sidecar = Pattern.compile("(?m)^(\\d+) .* sidecar .*$").matcher(list);
    assertThat(sidecar.find()).as(list).isTrue();
    String pid = sidecar.group(1);
    String attach = "allocmem attach " + pid + " -x 20 -a native --wait && allocmem list";
    assertThat(debug("shared", "pid", "sh", "-c", attach).done())
        .containsPattern("(?m)^" + pid + " .* sidecar .*default: HOLDING 20 MiB")
        .doesNotContainPattern("(?m)^\\d+ .* app .*HOLDING");
  }

  /** The command comes without the word {@code allocmem}. */
  @Test
  void anImageWithoutAShellIsATargetLikeOthers() {
    assertThat(debug("distroless", "line", "attach", "1", "-x", "20", "-a", "native").done())
        .contains(IN_JVM_1);
  }

  /** The words are arguments of the image's entry point. */
  @Test
  void theOldestJdkIsATargetLikeOthers() {
    List<String> options = List.of("--target=app", "--arguments-only");
    assertThat(Debug.start(cluster, cluster.image(), "oldest", "line", options, ATTACH).done())
        .contains(IN_JVM_1);
  }

  @Test
  void withoutATargetNoJvmIsSeen() throws IOException {
    String remedy = "kubectl debug needs --target=CONTAINER, the container of the JVM";
    assertRefused(
        Debug.start(cluster, cluster.image(), "root", "none", List.of(), ATTACH),
        "process 1 is this allocmem itself; " + remedy);
    Debug list = Debug.start(cluster, cluster.image(), "root", "empty", List.of(), "list");
    assertThat(list.done()).contains(remedy);
  }

  @Test
  void controlCReleases() {
    try (Tmux terminal = new Tmux(directory, 150, 40)) {
      List<Object> words = new ArrayList<>(List.of("debug", "-it", "same-user", "-c", "terminal"));
      words.addAll(List.of("--image=" + cluster.image(), "--target=app", "--"));
      words.addAll(List.of(ATTACH));
      words.addAll(List.of("-n", "ctrl", "--hold"));
      terminal.type(String.join(" ", cluster.kubectl(words.toArray())));
      terminal.await("try pressing enter"); // words of kubectl
      terminal.await(lines -> isHeldAfterEnter(terminal, lines));
      terminal.press("C-c");
      terminal.await("plan ctrl: RELEASED");
    }
    Debug ended = new Debug(cluster, "same-user", "terminal");
    assertThat(ended.awaitState(".terminated.exitCode")).isEqualTo("130");
    assertThat(debug("same-user", "ctrl", "status", "1", "-n", "ctrl").end().out())
        .contains("no plan");
  }

  /** The first lines are lost if the container was faster than the terminal. */
  private static boolean isHeldAfterEnter(Tmux terminal, List<String> lines) {
    boolean held = lines.stream().anyMatch(line -> line.startsWith("plan ctrl: HOLDING"));
    if (!held) {
      terminal.press("Enter");
    }
    return held;
  }

  @Test
  void theEndOfTheContainerReleasesByLease() {
    List<String> attach = new ArrayList<>(List.of(ATTACH));
    attach.addAll(List.of("-n", "lease", "--hold", "--lease", "5s"));
    Debug holding = debug("distroless", "lease", attach.toArray(String[]::new));
    cluster.await("held until Ctrl+C", "logs", "distroless", "-c", "lease");
    String kill = "kill -KILL $(ps | sed -n 's/^ *\\([0-9]*\\) .*allocmem[.]jar.*/\\1/p')";
    cluster.run("exec", "distroless", "-c", "lease", "--", "sh", "-c", kill).done();
    assertThat(holding.awaitState(".terminated.exitCode")).isEqualTo("137");
    String wait = "allocmem wait 1 -n lease --for RELEASED --timeout 60s";
    assertThat(debug("distroless", "after", "sh", "-c", wait).end().code()).isZero();
  }

  /**
   * The requests of a current kubectl are in {@link KubectlDebugTest}. The container waits for a
   * line, because kubectl attaches to no container that has ended: it reads the logs.
   */
  @Test
  void theRoleHasTheRightsThatKubectlUsesAndNoOther() throws IOException {
    List<Object> debug = new ArrayList<>(List.of("debug", "root", "-v=8", "-i", "-c", "rights"));
    debug.addAll(List.of("--image=" + cluster.image(), "--target=app", "--"));
    debug.addAll(List.of("sh", "-c", "read line; allocmem list"));
    Cli attached = Cli.of(cluster.kubectl(debug.toArray()), "\n");
    Set<String> used = new TreeSet<>(Requests.in(attached.out()));
    used.addAll(Requests.in(cluster.run("logs", "root", "-c", "rights", "-v=8").out()));
    used.addAll(Set.of("patch pods/ephemeralcontainers", "get pods/attach"));
    String rights = Files.readString(EXAMPLE.resolve("debug-rights.yaml"));
    assertThat(Requests.ofRole("allocmem-debug", rights)).isEqualTo(used);
  }
}
