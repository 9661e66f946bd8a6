package io.allocmem.launcher;

import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts a plan in a running JVM. */
@Command(
    name = "attach",
    description = "Start a plan in a running JVM; returns when the agent inside has accepted it.",
    mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PID",
      description = "pid, or a part of one JVM's main class or jar name")
  private String target;

  @Option(
      names = "--hold",
      description = {
        "stay in the foreground: renew a lease (of 30s), release at Ctrl+C;",
        "if this is killed, the lease runs out"
      })
  private boolean hold;

  AttachCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    HoldPlan plan = PlanOptions.planOf(spec, hold ? Map.of("lease", "30s") : Map.of());
    long pid = JavaProcess.pidOf(target);
    Diagnosis.require(pid);
    AsOwner owner = new AsOwner(new LinuxProcess(pid));
    if (owner.isNeeded()) {
      return owner.run(spec.root().commandLine().getParseResult().originalArgs());
    }
    String accepted = Injection.start(pid, plan);
    spec.commandLine().getOut().printf("plan %s in JVM %d: %s%n", plan.name(), pid, accepted);
    if (plan.breaksFirst()) {
      spec.commandLine().getOut().printf("waiting; begin with: allocmem resume %d%n", pid);
    }
    if (!hold && !plan.lease().isZero()) {
      spec.commandLine().getOut().printf("renew its lease with: allocmem renew %d%n", pid);
    }
    if (hold) {
      new Foreground(pid, plan, spec.commandLine().getOut()).stay();
    }
    return 0;
  }
}
