package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in a pipe: a reader that ends early, a full disk, and a shell without a locale. */
class PipeIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String PLAN = "m=10,x=30,a=native";

  /** Runs a command until its output has a line with that part, as {@code | grep -m 1} does. */
  private static String until(String part, Object... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(NEWEST.java(), "-jar", Cli.JAR.toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    Process launcher =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    StringBuilder read = new StringBuilder();
    try (BufferedReader out = launcher.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        read.append(line).append('\n');
        if (line.contains(part)) {
          break;
        }
      }
    }
    assertThat(launcher.waitFor(Patience.seconds(10), TimeUnit.SECONDS)).as("ended").isTrue();
    assertThat(launcher.exitValue()).as(read.toString()).isEqualTo(141);
    return read.toString();
  }

  @Test
  void commandsThatFollowEndWithTheirReader() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, PLAN)) {
      Plans.await(target, Phase.HOLDING);
      until("HOLDING", "watch", target.pid());
      until("{", "status", target.pid(), "--follow", "--json");
      until("PHASE", "status", target.pid(), "--follow");
      assertThat(Plans.status(target).phase).isEqualTo(Phase.HOLDING);
      assertThat(Plans.status(target).acknowledged).as("no command reached the plan").isZero();
    }
  }

  @Test
  void aPlanThatMustNotOutliveTheCommandIsReleased() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      until("held until", "attach", target.pid(), "-x", "3", "-a", "native", "--hold");
      Plans.awaitNoControlFile(target);
      assertThat(target.err()).contains("released 3 MiB by ");
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaks alone", "limit reached"})
  void aJvmOfItsOwnEndsWithTheReader(String last) throws Exception {
    String read = until(last, "run", "-m", "10", "-x", "30", "-a", "native");
    Matcher pid = Pattern.compile("JVM (\\d+) leaks alone").matcher(read);
    assertThat(pid.find()).isTrue();
    assertThat(ProcessHandle.of(Long.parseLong(pid.group(1)))).isEmpty();
  }

  @Test
  void aFullDiskIsAFailure() {
    Cli list =
        Cli.runBy(List.of("sh", "-c", "exec \"$@\" >/dev/full", "sh"), NEWEST, Cli.JAR, "list");
    list.assertSentence("cannot write to stdout: closed, or no space left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX"})
  void withoutALocaleAllOutputIsAscii(String locale) {
    List<String> by = List.of("env", "LC_ALL=" + locale);
    try (Target target = Target.start(NEWEST, "-XX:+DisableAttachMechanism")) {
      Cli attach = Cli.runBy(by, NEWEST, Cli.JAR, "attach", target.pid(), "-x", "3");
      attach.assertSentence("or with -javaagent:allocmem-agent.jar=...");
      assertThat(attach.out().chars()).allMatch(c -> c < 128);
    }
  }
}
