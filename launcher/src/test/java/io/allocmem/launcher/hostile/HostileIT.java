package io.allocmem.launcher.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.HostileFiles;
import io.allocmem.launcher.fixtures.HostileProcess;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.TimeLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Processes and files of another user beside an honest JVM, made to block or end root's commands or
 * to print through these commands. Each command ends soon and covers the honest JVM.
 */
@Isolated
class HostileIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  /** Time that a command may need in addition to the time beside an honest JVM alone. */
  private static final Duration SOON = Duration.ofSeconds(2);

  /**
   * Attempts per command. A hostile cause delays each attempt, other load of the machine only some.
   */
  private static final int TRIES = 3;

  private static final List<HostileProcess> HOSTILE = new ArrayList<>();
  private static HostileFiles files;
  private static Target honest;

  /** Target in a container of the same machine, without a view of hostile processes and files. */
  private static Target quiet;

  @BeforeAll
  static void begin() throws Exception {
    assumeThat(LinuxProcess.self().uid()).as("only root looks at all users").isZero();
    HostileProcess.compile(NEWEST);
    Inside.assume(Inside.container(), NEWEST);
    quiet = Target.startBy(Inside.container(), NEWEST, "-javaagent:" + Target.AGENT + "=x=5");
    honest = Target.startWithAgent(NEWEST, "x=5");
    Plans.await(honest, Phase.HOLDING);
    files = new HostileFiles(honest.controlFiles().get(0));
    for (String release : List.of("FIFO", "\\uXYZ!", "link", "directory", "huge", "title")) {
      HOSTILE.add(new HostileProcess(files.jdk(release), "sleep"));
    }
    var plain = files.jdk("plain");
    for (String kind :
        List.of("maps", "hog", "forks", "threads", "name", "stop", "zombie", "hidden", "back")) {
      HOSTILE.add(new HostileProcess(plain, kind));
    }
    HOSTILE.add(new HostileProcess(plain, "sleep", "x".repeat(120_000), "y".repeat(120_000)));
    HOSTILE.add(
        new HostileProcess(plain, "sleep", "\u001b]0;title\u0007\n1  root  forged", "\u202e"));
    HOSTILE.add(files.swapIn(plain));
    HOSTILE.add(files.lockIn(plain));
    HOSTILE.add(files.inContainer(plain));
    HostileProcess owner = new HostileProcess(plain, "sleep");
    HOSTILE.add(owner);
    files.createFor(owner.pid());
    files.squat();
  }

  @AfterAll
  static void end() throws Exception {
    HOSTILE.forEach(HostileProcess::close);
    if (files != null) {
      files.close();
      honest.close();
      quiet.close();
    }
  }

  @Test
  void rootsCommandsEndSoonWithTheHonestJvmInThem() throws Exception {
    String pid = Long.toString(honest.pid());
    assertThat(HOSTILE).hasSizeGreaterThan(20);
    assertThat(soon("list")).contains(pid, "TargetApplication", "default: HOLDING 5 MiB");
    assertThat(soon("status", "PID")).contains("default", "HOLDING");
    assertThat(soon("check", "PID", "-x", "5", "-n", "x")).contains("the plan can start");
    assertThat(soon("attach", "PID", "-x", "3", "-n", "b")).contains("plan b0 in JVM " + pid);
    assertThat(soon("release", "PID", "-n", "b")).contains("released 3 MiB");
    assertThat(soon("clean")).doesNotContain(pid + ".default");
    assertThat(soon("watch", "PID")).contains("plan default");
    assertThat(honest.ask("hello")).isEqualTo("echo hello");
    files.assertUnharmed();
  }

  /** Each command prints an answer or a sentence, without a stack trace and control characters. */
  @Test
  void commandsAboutAHostileProcessEndWithASentence() {
    List<String> wrong =
        TimeLimit.each(
            Duration.ofMinutes(1).toMillis(),
            HOSTILE,
            hostile -> {
              tell(hostile, "status");
              tell(hostile, "check");
              tell(hostile, "attach", "-x", "1");
              return "";
            },
            hostile -> hostile + " did not end, or not well");
    assertThat(wrong).containsOnly("");
    files.assertUnharmed();
  }

  @Test
  void aCommandDoesNotWaitForALockForEver() {
    HostileProcess locker =
        HOSTILE.stream().filter(process -> process.toString().equals("lock")).findFirst().get();
    String sentence = "plan locked in %d takes no command: another process keeps";
    for (String command : List.of("pause", "release", "renew")) {
      assertThat(tell(locker, command)).contains(sentence.formatted(locker.pid()));
    }
  }

  private static String tell(HostileProcess hostile, String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, Long.toString(hostile.pid())));
    words.addAll(List.of(more));
    String out = InProcess.run(words.toArray()).out();
    assertPlain(out);
    assertThat(out).as(hostile + " " + command).doesNotContain("Exception");
    return out;
  }

  /**
   * Runs the command in the quiet container and beside the hostile processes, in turn: other load
   * of the machine concerns both runs.
   *
   * @return output of the command beside the hostile processes
   */
  private static String soon(String... command) {
    List<String> figures = new ArrayList<>();
    String said = null;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      prepare(command[0], attempt);
      Run alone = Run.of(inside(quiet), quiet, with(command, 1, attempt));
      Run beside = Run.of(List.of(), honest, with(command, honest.pid(), attempt));
      figures.add("%d ms, alone %d ms".formatted(beside.millis, alone.millis));
      said = said == null ? beside.out : said;
      if (beside.millis < alone.millis + Patience.of(SOON).toMillis()) {
        System.out.printf("beside %d hostile: %s: %s%n", HOSTILE.size(), command[0], figures);
        return said;
      }
    }
    throw new AssertionError(Arrays.toString(command) + " took " + figures);
  }

  /** Starts a new plan in place of the plan that the last attempt released. */
  private static void prepare(String command, int attempt) {
    if (command.equals("watch") || command.equals("release") && attempt > 0) {
      for (Target target : List.of(quiet, honest)) {
        Cli attached = Cli.run("attach", target.pid(), "-x", "1", "-n", "b" + attempt);
        assertThat(attached.code()).as(attached.out()).isZero();
      }
    }
  }

  private static List<String> inside(Target target) {
    return List.of("nsenter", "--target=" + target.pid(), "--mount", "--pid");
  }

  /** Returns the command with the pid, and with another plan name for each attempt. */
  private static List<String> with(String[] command, long pid, int attempt) {
    return Arrays.stream(command)
        .map(word -> word.equals("PID") ? Long.toString(pid) : word)
        .map(word -> word.equals("b") ? word + attempt : word)
        .toList();
  }

  private record Run(String out, long millis) {
    /**
     * Runs a command to its successful end. The release of the watched plan ends the command watch.
     */
    static Run of(List<String> by, Target target, List<String> command) {
      List<String> whole = new ArrayList<>(by);
      whole.addAll(List.of(NEWEST.java(), "-jar", Cli.JAR.toString()));
      whole.addAll(command);
      long before = System.nanoTime();
      try {
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        process.getOutputStream().close();
        StringBuilder out = new StringBuilder();
        BufferedReader in = process.inputReader();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (out.isEmpty() && command.get(0).equals("watch")) {
            for (PlanControl plan : PlanControl.of(target.pid())) {
              plan.send(PlanCommand.RELEASE);
              plan.close();
            }
          }
          out.append(line).append('\n');
        }
        assertThat(process.waitFor()).as(whole + ": " + out).isZero();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        assertPlain(out.toString());
        return new Run(out.toString(), millis);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void assertPlain(String out) {
    assertThat(out)
        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
        .doesNotContainPattern("(?m)^1 +root +forged");
  }
}
