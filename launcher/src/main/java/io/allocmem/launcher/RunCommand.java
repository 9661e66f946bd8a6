package io.allocmem.launcher;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.process.AgentJar;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JvmOptions;
import io.allocmem.launcher.watch.Following;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.Screen;
import io.allocmem.launcher.watch.WatchDisplay;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Leaks alone: in a JVM of its own, with the JDK and the flags that were asked for, which has the
 * agent from its start and nothing else to do, and which ends with this command.
 */
@CommandLine.Command(
    name = "run",
    description = {
      "Leak alone, in the foreground, in a JVM of its own; a line for each block.",
      "Ctrl+C, or allocmem release from another terminal, releases and ends."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  run -m 100 -x 2048 -J-Xmx4g                2100 MiB of Java heap",
      "  run -a native -m 10 -x 1g -e 1s --watch    10 MiB a second, live",
      "  run -x 256 --then cycle --hold-time 30s    a saw-tooth"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "-J",
      paramLabel = "OPTION",
      description = "an option of the JVM that leaks: -J-Xmx4g -J-XX:+UseZGC")
  private List<String> jvmOptions = List.of();

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description = "home of the JDK that leaks (default: the one that runs this)")
  private Path jdk = Path.of(System.getProperty("java.home"));

  @Option(names = "--watch", description = "watch it live, without a line for each block")
  private boolean watch;

  @Mixin private RecordOptions record;

  private volatile Following following;

  RunCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    HoldPlan plan = PlanOptions.planOf(spec, Map.of());
    try (RecordWriter recorder = RecordWriter.to(record.file());
        WatchDisplay face =
            watch ? Screen.or(out(), false, record.everyMillis()) : WatchDisplay.NONE;
        AgentJar jar = AgentJar.lay()) {
      Process child = start(plan, jar);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(child, jar), "release"));
      if (plan.breaksFirst() && !watch) {
        resumeOnEnter(child.pid());
      }
      Tail said = watch ? new Tail(child) : null;
      stayUntilReleased(child, jar, face, recorder);
      int code = child.waitFor();
      if (watch && code != 0) {
        said.lines().forEach(out()::println);
      }
      return code == 0 ? 0 : 1;
    }
  }

  private Process start(HoldPlan plan, AgentJar jar) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin").resolve("java").toString());
    command.addAll(jvmOptions);
    String arguments = AgentArguments.print(plan);
    command.add("-javaagent:" + jar.path() + "=" + arguments);
    command.addAll(
        List.of("-cp", jar.path().toString(), "io.allocmem.Alone", jar.path() + ".answer"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(watch ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.INHERIT)
            .redirectErrorStream(true);
    builder.environment().keySet().removeAll(JvmOptions.VARIABLES); // -J says it all
    try {
      Process child = builder.start();
      out().printf("JVM %d leaks alone: %s%n", child.pid(), plan.toHuman());
      return child;
    } catch (IOException e) {
      throw new Failure("cannot start " + command.get(0) + "; is --jdk the home of a JDK?", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void resumeOnEnter(long pid) {
    out().printf("waiting: press Enter to begin, or: allocmem resume %d%n", pid);
    Thread reader =
        new Thread(
            () -> {
              try {
                if (System.in.read() >= 0) {
                  resume(pid);
                }
              } catch (IOException noConsole) {
                return; // a resume from elsewhere still begins it
              }
            },
            "enter");
    reader.setDaemon(true);
    reader.start();
  }

  private static void resume(long pid) throws IOException {
    for (PlanControl plan : PlanControl.of(pid)) {
      try (plan) {
        plan.send(PlanCommand.RESUME);
      }
    }
  }

  /** A plan that was released from elsewhere leaves a JVM with nothing to do. */
  private void stayUntilReleased(
      Process child, AgentJar jar, WatchDisplay face, RecordWriter recorder)
      throws IOException, InterruptedException {
    while (jar.answer().isEmpty()) { // then its plan was there, whatever became of it
      if (child.waitFor(50, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    removeEarly(jar);
    following =
        new Following(
            new Poller(child.pid()), face, recorder, record.everyMillis(), name -> true, true);
    following.stay();
    child.getOutputStream().close();
  }

  /** The JVM has loaded all it needs: a kill of this process then leaves no file behind. */
  private static void removeEarly(AgentJar jar) {
    try {
      jar.close();
    } catch (IOException windows) {
      return; // keeps an open jar; it is removed at the end
    }
  }

  /**
   * Whenever this process ends; on Ctrl+C the terminal tells both. The JVM that leaks sees the end
   * of its input, and its memory goes with it.
   */
  private void end(Process child, AgentJar jar) {
    try (jar) {
      if (following != null) {
        following.end();
      }
      child.getOutputStream().close();
      if (!child.waitFor(10, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
      System.out.println("ended: everything is released");
    } catch (IOException | InterruptedException e) {
      child.destroyForcibly();
    }
  }
}
