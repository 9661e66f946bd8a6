package io.allocmem.launcher;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.check.LargePlan;
import io.allocmem.launcher.check.RunRoom;
import io.allocmem.launcher.check.RunSizes;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.AgentJar;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JvmErgonomics;
import io.allocmem.launcher.process.MachineMemory;
import io.allocmem.launcher.process.OomKills;
import io.allocmem.launcher.process.PageFacts;
import io.allocmem.launcher.process.Uninterrupted;
import io.allocmem.launcher.watch.Follower;
import io.allocmem.launcher.watch.Heartbeat;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.Screen;
import io.allocmem.launcher.watch.WatchDisplay;
import io.allocmem.options.StartOptions;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs a plan in a new JVM, with the requested JDK and flags. The JVM has the agent from the start,
 * has no further work, and ends with this command.
 */
@CommandLine.Command(
    name = "run",
    description = {
      "Leak in a new JVM, in the foreground; logs a line for each block.",
      "Ctrl+C, or allocmem release from another terminal, releases and ends.",
      "The heap of the JVM has the size that the plan needs; -J-Xmx sets another."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  run -m 100 -x 2048 -f 0.25                 2100 MiB of Java heap, 525 MiB in RAM",
      "  run -a native -m 10 -x 1g -e 1s --watch    10 MiB a second, live",
      "  run -x 256 --then cycle --hold-time 30s    a saw-tooth"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "-J",
      paramLabel = "OPTION",
      description = "pass an option to the new JVM: -J-Xmx4g -J-XX:+UseZGC")
  private List<String> jvmOptions = List.of();

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description = "run the JDK with this home (default: the JDK that runs allocmem)")
  private Path jdk = Path.of(System.getProperty("java.home"));

  @Option(names = "--watch", description = "open the live view, without a line for each block")
  private boolean watch;

  @Mixin private Consent consent;

  @Mixin private RecordOptions record;

  @Mixin private JsonOption json;

  private volatile Follower follower;
  private volatile OutputTail output;

  RunCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    HoldPlan plan = plan();
    RunSizes sizes = sizesFor(plan);
    try (RecordWriter recorder = RecordWriter.to(record.file());
        WatchDisplay display =
            watch
                ? Screen.or(out(), false, record.everyMillis())
                : Heartbeat.ifPipe(WatchDisplay.NONE, out());
        AgentJar jar = AgentJar.create()) {
      Process child = start(plan, sizes, jar);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(child, jar), "release"));
      if (plan.breaksFirst() && !watch) {
        resumeOnEnter(child.pid());
      }
      output = new OutputTail(child, watch || json.isGiven() ? null : out());
      JvmEnd end = JvmEnd.of(child.pid());
      stayUntilReleased(child, jar, display, recorder);
      requireReached(plan, end, codeOf(child));
      return json.end(ExitCode.DONE, null);
    }
  }

  private HoldPlan plan() {
    HoldPlan plan = PlanOptions.planOf(spec, Map.of());
    if (watch && json.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "--json prints one object; --record FILE writes the samples");
    }
    if (plan.effectTarget() != null) {
      throw new ParameterException(
          spec.commandLine(),
          plan.wording().option("until", plan.effectTarget())
              + " needs a service that the pressure slows: attach to a service, or give "
              + plan.wording().option("until", "85%"));
    }
    consent.require(LargePlan.objectionAlone(plan), spec);
    return PageFacts.of(ProcessHandle.current().pid()).on(plan);
  }

  /** Sizes the JVM, and asks for consent where the kernel would end the JVM. */
  private RunSizes sizesFor(HoldPlan plan) {
    StartOptions given = OwnOptionFiles.expanded(jvmOptions);
    JvmErgonomics jvm = JvmErgonomics.of(java(), given.options());
    RunSizes sizes = RunSizes.of(plan, jvm, given, MachineMemory.available());
    RunRoom room = RunRoom.measured();
    sizes.fields().forEach(json::put);
    room.fields(sizes).forEach(json::put);
    consent.require(room.objection(plan, sizes), spec);
    return sizes;
  }

  private Path java() {
    return jdk.resolve("bin").resolve("java");
  }

  /** Returns the exit code of the JVM; after a failure, prints the last lines of the JVM. */
  private int codeOf(Process child) throws InterruptedException {
    int code = child.waitFor();
    List<String> last = output.lines();
    if (code != 0) {
      last.forEach(out()::println);
    }
    return code;
  }

  /**
   * Returns normally if the plan reached what was asked.
   *
   * @param code exit code of the JVM
   * @throws Failure with the verdict otherwise
   */
  private void requireReached(HoldPlan plan, JvmEnd end, int code) {
    if (follower != null) {
      json.plans(follower.course().newest(plan));
    }
    Verdict ended = end.verdict(code);
    if (follower == null && ended.code() == ExitCode.ENDED) {
      throw new Failure("the JVM ended with exit code %d, without a plan".formatted(code));
    }
    Verdict verdict = code == 0 ? follower.course().verdict(plan, () -> ended) : ended;
    if (follower == null || !follower.isShuttingDown()) {
      verdict.require();
    }
  }

  private Process start(HoldPlan plan, RunSizes sizes, AgentJar jar)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java().toString()));
    command.addAll(sizes.options());
    command.addAll(jvmOptions);
    String arguments = AgentArguments.print(plan);
    command.add("-javaagent:" + jar.path() + "=" + arguments);
    command.addAll(
        List.of("-cp", jar.path().toString(), "io.allocmem.Alone", jar.path() + ".answer"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(StartOptions.VARIABLES); // -J has all options
    try {
      Process child = Uninterrupted.start(builder);
      OomKills.preferFor(child.pid());
      json.pid(child.pid());
      out().printf("JVM %d leaks alone: %s%n", child.pid(), plan.toHuman());
      out().println(sizes.toHuman());
      return child;
    } catch (IOException e) {
      throw new Failure("cannot start " + command.get(0) + "; is --jdk the home of a JDK?", e);
    }
  }

  private PrintWriter out() {
    return json.text();
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
                return; // a resume from another terminal still starts the plan
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

  /**
   * Stays until the plan is over: a plan released from another terminal leaves a JVM without work.
   */
  private void stayUntilReleased(
      Process child, AgentJar jar, WatchDisplay display, RecordWriter recorder)
      throws IOException, InterruptedException {
    while (jar.answer().isEmpty()) { // an answer proves that the plan existed
      if (child.waitFor(50, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    removeEarly(jar);
    follower =
        new Follower(
            new Poller(child.pid()), display, recorder, record.everyMillis(), name -> true, true);
    try {
      follower.stay();
    } finally {
      child.getOutputStream().close();
    }
  }

  /**
   * Removes the jar early, since the JVM has loaded all classes. A kill of this process then leaves
   * no file.
   */
  private static void removeEarly(AgentJar jar) {
    try {
      jar.close();
    } catch (IOException windows) {
      return; // Windows keeps an open jar; the end removes the jar
    }
  }

  /**
   * Runs at each end of this process. The follower releases the plan; then the JVM sees the end of
   * its input, and ends.
   */
  private void end(Process child, AgentJar jar) {
    try (jar) {
      if (follower != null) {
        follower.end();
      }
      child.getOutputStream().close();
      if (!child.waitFor(10, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
      printLast();
    } catch (IOException | InterruptedException e) {
      child.destroyForcibly();
    }
  }

  /** Prints in a thread of its own: a reader that does not read delays no end. */
  private void printLast() throws InterruptedException {
    OutputTail before = output;
    if (before != null) {
      before.lines(); // waits for the lines of the JVM
    }
    Thread last = new Thread(() -> out().println("ended: everything is released"), "last");
    last.setDaemon(true);
    last.start();
    last.join(1000);
  }
}
