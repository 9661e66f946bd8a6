package io.allocmem.launcher;

import io.allocmem.status.Command;
import io.allocmem.status.Status;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pause, resume and release: one command each, told to every plan of a JVM or to a named one. */
final class ControlCommands {
  private ControlCommands() {}

  static void addTo(CommandLine commandLine) {
    add(commandLine, Command.PAUSE, "Take no more memory; keep what is held.");
    add(commandLine, Command.RESUME, "Go on after a break, a pause or an exhaustion.");
    add(commandLine, Command.RELEASE, "Give everything back and end the plan.");
  }

  private static void add(CommandLine commandLine, Command command, String description) {
    String name = command.name().toLowerCase(java.util.Locale.ROOT);
    CommandLine subcommand = new CommandLine(new Send(command));
    subcommand.getCommandSpec().name(name).mixinStandardHelpOptions(true);
    subcommand.getCommandSpec().usageMessage().description(description);
    commandLine.addSubcommand(name, subcommand);
  }

  @CommandLine.Command
  private static final class Send implements Callable<Integer> {
    /** One block of 8188 MiB can take this long, and a plan obeys between slices of blocks. */
    private static final long TIMEOUT_MILLIS = 10_000;

    private final Command command;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PID", description = "pid, or a part of one JVM's main class name")
    private String target;

    @Option(
        names = {"-n", "--name"},
        description = "only the plan of that name (default: all)")
    private String name;

    Send(Command command) {
      this.command = command;
    }

    @Override
    public Integer call() throws IOException {
      long pid = JavaProcess.pidOf(target);
      List<PlanControl> plans = PlanControl.of(pid);
      int told = 0;
      for (PlanControl plan : plans) {
        try (plan) {
          if ((name == null || plan.name().equals(name)) && plan.isAlive()) {
            tell(pid, plan);
            told++;
          }
        }
      }
      if (told == 0) {
        String wanted = name == null ? "no plan" : "no plan " + name;
        throw new Failure(wanted + " is held in " + pid + "; allocmem list shows what is held");
      }
      return 0;
    }

    private void tell(long pid, PlanControl plan) throws IOException {
      Status before = plan.status();
      String rssBefore = Amounts.ofRss(pid, before);
      int sequence = plan.send(command);
      Predicate<Status> done =
          command == Command.RELEASE
              ? status -> status.phase.isOver()
              : status -> status.acknowledged == sequence;
      Status after = plan.await(done, TIMEOUT_MILLIS);
      if (after == null || !done.test(after)) {
        throw new Failure(
            "plan %s in %d has not answered for %d s: is the JVM stopped or collecting? It obeys once it runs again"
                .formatted(plan.name(), pid, TIMEOUT_MILLIS / 1000));
      }
      String effect =
          command == Command.RELEASE
              ? "released %s; RSS %s before, %s now"
                  .formatted(Amounts.of(before.committed), rssBefore, Amounts.ofRss(pid, after))
              : "%s, %d blocks, %s committed"
                  .formatted(after.phase, after.blocks, Amounts.of(after.committed));
      spec.commandLine().getOut().printf("plan %s in JVM %d: %s%n", plan.name(), pid, effect);
    }
  }
}
