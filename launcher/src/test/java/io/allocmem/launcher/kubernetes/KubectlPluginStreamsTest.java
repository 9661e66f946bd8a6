package io.allocmem.launcher.kubernetes;

import static io.allocmem.launcher.kubernetes.FakeCluster.entered;
import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Signal;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of commands, untrusted output, and parallel commands of the plugin, without a cluster. */
class KubectlPluginStreamsTest {
  /** A command in a pod that ends with its stdin, as the script in the ephemeral container does. */
  private static final String HOLDS =
      "echo held; cat >/dev/null; touch $CLUSTER/released; echo released";

  @TempDir private Path directory;
  private FakeCluster cluster;

  @BeforeEach
  void makeCluster() {
    cluster = new FakeCluster(directory).pods(entered("one"), entered("two")).commands(HOLDS);
  }

  /** Returns one shell; with {@code -Plong} each shell of this machine. */
  static Stream<List<String>> shells() {
    return KubectlPluginTest.shells().limit(Boolean.getBoolean("allocmem.test.long") ? 3 : 1);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void ctrlCEndsTheCommandInEachPodAndWaitsForTheEnd(List<String> shell) throws Exception {
    Process plugin = cluster.start(interruptible(shell), "one", "two", "--", "attach", "--hold");
    try (BufferedReader out = plugin.inputReader()) {
      assertThat(List.of(out.readLine(), out.readLine()))
          .containsExactlyInAnyOrder("one  held", "two  held");
      Signal.send("INT", plugin.pid());
      assertThat(out.lines())
          .contains("kubectl allocmem: ends the commands in all pods; once more leaves at once")
          .contains("one  released", "two  released");
    }
    assertThat(plugin.waitFor()).isEqualTo(130);
    assertThat(cluster.leftovers()).isEmpty();
  }

  private static List<String> interruptible(List<String> shell) {
    return Stream.concat(Stream.of("env", Signal.DEFAULT_INT), shell.stream()).toList();
  }

  @Test
  void aPluginThatIsKilledEndsTheCommands() throws Exception {
    cluster.pods(entered("one"));
    Process plugin = cluster.start(List.of("sh"), "one", "--", "attach", "--hold");
    assertThat(plugin.inputReader().readLine()).isEqualTo("one  held");
    plugin.destroyForcibly().waitFor();
    Awaitility.await().until(() -> cluster.has("released"));
  }

  /** Without a line for 30 seconds, a command in a pod ends. */
  @Test
  void aCommandGetsALineNowAndThen() {
    cluster.pods(entered("one")).commands("read -r line && echo \"alive [$line]\"");
    assertThat(cluster.run("one", "--", "status").out()).isEqualTo("one  alive []\n");
  }

  @Test
  void aReaderThatEndsEndsTheCommands() throws Exception {
    cluster.pods(entered("one")).commands("while echo line; do sleep 0.1; done");
    Process plugin = cluster.start(List.of("sh"), "one", "--", "status", "--follow");
    assertThat(plugin.inputReader().readLine()).isEqualTo("one  line");
    plugin.getInputStream().close();
    assertThat(plugin.waitFor()).isEqualTo(141);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void onlyPrintableTextReachesTheTerminal(List<String> shell) {
    cluster.commands(
        "printf 'a\\033[2J\\rb\\tc \\302\\2335m \\342\\200\\256d \\303\\244\\342\\202\\254 $(id) %%s `id`'");
    Cli run = cluster.run(shell, "one", "--", "list");
    assertThat(run.out()).contains("one  a?[2J?b\tc ?5m ?d ä€ $(id) %s `id`\n");
  }

  /** Each field of a pod is encoded by kubectl; words of another kind are no list of pods. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop $(touch%20x) Running kept - c=app s=app=running:",
        "shop -o Running kept - c=app s=app=running:",
        "../shop p Running kept - c=app s=app=running:",
        "shop p Running kept"
      })
  void aListThatIsNoListEndsBeforeAnyCommand(String line) {
    Cli run = cluster.pods(line).run("-l", "app=shop", "--", "list");
    assertThat(run).isEqualTo(new Cli(1, "kubectl allocmem: the list of pods cannot be read\n"));
    assertThat(cluster.calls("exec")).isEmpty();
  }

  @Test
  void aLineWithoutAnEndIsBoundedInMemory() throws Exception {
    cluster.pods(entered("one")).commands("head -c 300000000 /dev/zero | tr '\\0' x");
    Process plugin = cluster.start(List.of("sh"), "one", "--", "list");
    long read = plugin.getInputStream().transferTo(OutputStream.nullOutputStream());
    assertThat(plugin.waitFor()).isNotZero();
    assertThat(read).isLessThan(100_000_000);
  }

  @Test
  void soManyPodsAsAskedForRunAtTheSameTime() {
    cluster
        .pods(entered("a"), entered("b"), entered("c"), entered("d"), entered("e"))
        .commands(
            "mkdir $CLUSTER/r.$pod; sleep 0.3; echo $CLUSTER/r.* | wc -w; rmdir $CLUSTER/r.$pod");
    Cli run = cluster.run("-l", "x", "--parallel", "2", "--", "list");
    assertThat(run.out().lines()).hasSize(5).allMatch(line -> line.matches("[a-e]  [12]"));
  }

  /** A command that stays would keep the turn of the next pod. */
  @Test
  void allPodsBeginACommandThatStays() throws Exception {
    Process plugin = cluster.start(List.of("sh"), "-lx", "--parallel=1", "--", "attach", "--hold");
    BufferedReader out = plugin.inputReader();
    assertThat(List.of(out.readLine(), out.readLine()))
        .containsExactlyInAnyOrder("one  held", "two  held");
    Signal.send("TERM", plugin.pid());
    assertThat(out.lines()).contains("one  released", "two  released");
    assertThat(plugin.waitFor()).isEqualTo(143);
  }

  @Test
  void theSecondCtrlCLeavesAtOnce() throws Exception {
    cluster
        .pods(entered("one"))
        .commands("echo held; while [ -d $CLUSTER ] && [ ! -e $CLUSTER/over ]; do sleep 0.1; done");
    Process plugin = cluster.start(interruptible(List.of("sh")), "one", "--", "attach", "--hold");
    BufferedReader out = plugin.inputReader();
    assertThat(out.readLine()).isEqualTo("one  held");
    Signal.send("INT", plugin.pid());
    assertThat(out.readLine()).contains("once more leaves at once");
    Signal.send("INT", plugin.pid());
    assertThat(plugin.waitFor(Patience.seconds(10), TimeUnit.SECONDS)).isTrue();
    assertThat(plugin.exitValue()).isEqualTo(130);
    assertThat(directory.resolve("over").toFile().createNewFile()).isTrue();
  }

  @Test
  void theTerminalIsPassedToExactlyOnePod() {
    assertThat(cluster.run("one", "two", "-t", "--", "watch").code()).isEqualTo(2);
    cluster.pods(entered("one")).commands("echo \"$@\"; exit 4");
    Cli run = cluster.run("-it", "one", "--", "watch");
    assertThat(run).isEqualTo(new Cli(4, "watch\n"));
    assertThat(cluster.calls("exec").get(0)).contains("-it");
  }
}
