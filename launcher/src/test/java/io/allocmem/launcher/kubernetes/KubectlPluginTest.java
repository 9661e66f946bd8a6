package io.allocmem.launcher.kubernetes;

import static io.allocmem.launcher.kubernetes.FakeCluster.entered;
import static io.allocmem.launcher.kubernetes.FakeCluster.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.MainPom;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Selection, ephemeral containers, output and exit codes of the plugin, without a cluster. */
class KubectlPluginTest {
  /**
   * Minor version of the first kubectl 1.x that takes the word. The tests in a cluster run kubectl
   * 1.20; the words were compared with the help of kubectl 1.20 and 1.32.
   */
  private static final Map<String, Integer> FIRST_VERSION =
      Map.ofEntries(
          Map.entry("get --namespace", 20),
          Map.entry("get --all-namespaces", 20),
          Map.entry("get --selector", 20),
          Map.entry("get -o", 20),
          Map.entry("exec --namespace", 20),
          Map.entry("exec --container", 20),
          Map.entry("exec -i", 20),
          Map.entry("exec -it", 20),
          Map.entry("debug --namespace", 20),
          Map.entry("debug --container", 20),
          Map.entry("debug --image", 20),
          Map.entry("debug --image-pull-policy", 20),
          Map.entry("debug --target", 20),
          Map.entry("debug --profile", 27),
          Map.entry("debug --custom", 30));

  @TempDir private Path directory;
  private FakeCluster cluster;

  @BeforeEach
  void makeCluster() {
    cluster = new FakeCluster(directory);
  }

  /** Returns the shells of this machine; macOS has bash 3 or zsh as sh, Alpine has busybox. */
  static Stream<List<String>> shells() {
    return Stream.of(List.of("dash"), List.of("bash"), List.of("busybox", "sh"))
        .filter(
            shell ->
                Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(bin -> new File(bin, shell.get(0)).canExecute()));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void eachLineBeginsWithThePodAndTheWorstCodeCounts(List<String> shell) {
    cluster
        .pods(entered("shop-1"), entered("shop-2"), entered("shop-3"))
        .commands("echo \"$pod runs $*\"; echo failure >&2; [ $pod != shop-2 ] || exit 3");
    Cli run = cluster.run(shell, "-l", "app=shop", "--", "attach", "--until", "85%", "a b");
    assertThat(run.code()).as(run.out()).isEqualTo(3);
    assertThat(run.out().lines())
        .contains("shop-1  shop-1 runs attach --until 85% a b", "shop-3  failure")
        .contains("kubectl allocmem: exit codes other than 0, shop-2: 3")
        .hasSize(7);
    assertThat(cluster.calls("debug")).isEmpty();
    assertThat(cluster.leftovers()).isEmpty();
  }

  /** The order of the launcher: a script that accepts 3 must not overlook a 1. */
  @ParameterizedTest
  @CsvSource({"0,3", "3,2", "2,1", "1,4", "4,5", "5,141"})
  void theWorseOfTwoCodesIsTheCode(String better, String worse) {
    cluster
        .pods(entered("one"), entered("two"))
        .commands("[ $pod = one ] && exit " + better + " || exit " + worse);
    assertThat(cluster.run("one", "two", "--", "status").code()).hasToString(worse);
    cluster.commands("[ $pod = two ] && exit " + better + " || exit " + worse);
    assertThat(cluster.run("one", "two", "--", "status").code()).hasToString(worse);
  }

  /** The plugin waits a quarter of a minute for the end of the container. */
  @Test
  @EnabledIfSystemProperty(named = "allocmem.test.long", matches = "true")
  void theCodeOfACommandThatWasKilledAloneIsWorseThanAFailure() {
    cluster.pods(entered("one"), entered("two")).commands("[ $pod = one ] && exit 1 || exit 137");
    assertThat(cluster.run("one", "two", "--", "status").code()).isEqualTo(137);
  }

  @Test
  void theFirstUseAddsOneContainerWithWordsOfEachKubectl() {
    cluster.pods(running("shop-1")).podsOnceAdded(entered("shop-1"));
    Cli run = cluster.run("-n", "shop", "-l", "app=shop", "--image", "r/allocmem:1", "--", "list");
    assertThat(run)
        .isEqualTo(
            new Cli(
                0,
                "shop-1  adds the ephemeral container allocmem-1"
                    + " (r/allocmem:1), which ends in 8 h\nshop-1  list\n"));
    assertThat(cluster.calls("debug"))
        .containsExactly(
            List.of(
                "debug",
                "shop-1",
                "--namespace=shop",
                "--image=r/allocmem:1",
                "--target=app",
                "--container=allocmem-1",
                "--",
                "sleep",
                "28800"));
    for (String command : List.of("get", "debug", "exec")) {
      cluster.calls(command).forEach(words -> assertFits(words, 20));
    }
  }

  @Test
  void profilesArePassedToKubectlThatTakesThem() {
    cluster.pods(running("shop-1")).podsOnceAdded(entered("shop-1"));
    cluster.run("shop-1", "--profile=restricted", "--custom", "user.yaml", "--", "list");
    List<String> words = cluster.calls("debug").get(0);
    assertThat(words).contains("--profile=restricted", "--custom=user.yaml");
    assertFits(words, 30);
  }

  private static void assertFits(List<String> words, int version) {
    List<String> options = words.stream().takeWhile(word -> !word.equals("--")).toList();
    for (String option : options) {
      if (option.startsWith("-")) {
        assertThat(FIRST_VERSION.get(words.get(0) + " " + option.split("=")[0]))
            .as(option)
            .isNotNull()
            .isLessThanOrEqualTo(version);
      }
    }
  }

  /** Kubernetes neither restarts nor removes an ephemeral container, and keeps the name taken. */
  @ParameterizedTest
  @CsvSource({
    "e=allocmem-1=app s=allocmem-1=terminated:Completed,allocmem-2",
    "e=allocmem-1=app s=allocmem-1=waiting:CreateContainerConfigError,allocmem-2",
    "e=allocmem-1=other s=allocmem-1=running:,allocmem-2",
    "x=allocmem-1 s=allocmem-1=running:,allocmem-2",
    "x=debugger e=allocmem-1=app x=allocmem-2 s=allocmem-1=terminated:Error,allocmem-3"
  })
  void aContainerThatCannotBeUsedIsFollowedByTheNextNumber(String words, String next) {
    String now = running("p", words);
    cluster.pods(now).podsOnceAdded(now + " e=" + next + "=app s=" + next + "=running:");
    assertThat(cluster.run("p", "--", "list").code()).isZero();
    assertThat(cluster.calls("debug").get(0)).contains("--container=" + next);
    assertThat(cluster.calls("exec").get(0)).contains("--container=" + next);
  }

  @Test
  void theContainerIsTheGivenOneOrTheDefaultOrTheFirst() {
    String two =
        "s p Running kept %s c=proxy c=app s=proxy=running: s=app=running:"
            + " e=allocmem-1=proxy e=allocmem-2=app s=allocmem-1=running: s=allocmem-2=running:";
    cluster.pods(two.formatted("-"));
    cluster.run("p", "--", "list");
    assertThat(cluster.calls("exec").get(0)).contains("--container=allocmem-1");
    cluster.run("p", "-c", "app", "--", "list");
    assertThat(cluster.calls("exec")).anyMatch(words -> words.contains("--container=allocmem-2"));
    FakeCluster second = new FakeCluster(directory.resolve("second")).pods(two.formatted("app"));
    second.run("p", "--", "list");
    assertThat(second.calls("exec").get(0)).contains("--container=allocmem-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s p Pending kept - c=app|the pod does not run: Pending",
        "s p Running kept - c=app s=app=waiting:CrashLoopBackOff|container app does not run: waiting CrashLoopBackOff",
        "s p Running ,deleted - c=app s=app=running:|the pod is being deleted"
      })
  void aPodThatDoesNotRunFailsAlone(String line, String sentence) {
    cluster.pods(line, entered("shop-2"));
    Cli run = cluster.run("p", "shop-2", "--", "status");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("p  kubectl allocmem: " + sentence, "shop-2  status");
  }

  @Test
  void finishedAndDeletedPodsOfASelectionAreLeftOut() {
    cluster.pods(
        "s old Succeeded kept - c=app", "s gone Running ,deleted - c=app", entered("shop-1"));
    Cli run = cluster.run("-A", "-l", "app=shop", "--", "status");
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("s/old  left out: Succeeded", "s/gone  left out: Running,deleted")
        .contains("shop/shop-1  status");
  }

  @Test
  void noPodIsAFailure() {
    cluster.pods();
    Cli run = cluster.run("-l", "app=none", "-n", "shop", "--", "status");
    assertThat(run).isEqualTo(new Cli(1, "kubectl allocmem: no pod fits app=none in shop\n"));
  }

  @Test
  void anAdditionThatIsForbiddenIsNamedWithTheRight() {
    cluster.pods(running("p")).forbidden("Error from server (Forbidden): pods \"p\" is forbidden");
    Cli run = cluster.run("p", "--", "list");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("p  Error from server", "right to patch pods/ephemeralcontainers");
  }

  @Test
  void aContainerThatCannotStartIsNamedAtOnce() {
    String stuck = running("p", "e=allocmem-1=app s=allocmem-1=waiting:CreateContainerConfigError");
    cluster.pods(running("p")).podsOnceAdded(stuck);
    Cli run = cluster.run("p", "--start-timeout", "600", "--", "list");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("p  kubectl allocmem: the ephemeral container allocmem-1 cannot start");
  }

  @Test
  void aContainerThatDoesNotStartInTimeIsNamed() {
    String pulling = running("p", "e=allocmem-1=app s=allocmem-1=waiting:ImagePullBackOff");
    cluster.pods(pulling);
    Cli run = cluster.run("p", "--start-timeout=1", "--", "list");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("allocmem-1 has not started within 1 s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-l app=shop status|a command of allocmem follows \"--\"",
        "-l app=shop --|after \"--\" a command of allocmem is missing",
        "-- status|no pod is selected",
        "p -l app=shop -- status|give names of pods or -l, not both",
        "p -A -- status|-A needs -l",
        "-n a -A -l x -- status|give -A or -n, not both",
        "-n -- status|-n needs a value",
        "--nonsense -l x -- status|unknown option --nonsense",
        "--nonsense=x -- status|unknown option --nonsense",
        "$(id) -- status|$(id) is no name of a pod",
        "p -c A;B -- status|A;B is no name of a container",
        "p --image a\"b -- status|a\"b is no name of an image",
        "p --parallel 0 -- status|--parallel is a number from 1 to 1000",
        "p --life 1000 -- status|--life is a number of hours from 1 to 168"
      })
  void aWrongWordIsNamedBeforeKubectlIsCalled(String words, String sentence) {
    Cli run = cluster.pods(entered("p")).run(words.split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).startsWith("kubectl allocmem: " + sentence).contains("--help");
    assertThat(cluster.calls("get")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-napp", "-n=app", "--namespace=app", "--namespace app", "-n app"})
  void optionsAreWrittenAsForKubectl(String option) {
    cluster.pods(entered("p")).run((option + " pod/p --context k -- status").split(" "));
    assertThat(cluster.calls("--context=k").get(0)).contains("get", "--namespace=app", "p");
  }

  @Test
  void theHelpTeachesAndTheVersionIsTheVersionOfTheProject() {
    Cli help = cluster.run("--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("Usage: kubectl allocmem", "-- attach --until 85% --wait");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 120);
    assertThat(cluster.run("--version").out())
        .isEqualTo("kubectl allocmem " + MainPom.VERSION + "\n");
    assertThat(help.out()).contains("localhost/allocmem:" + MainPom.VERSION);
  }
}
