package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Sizes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The commands pause and resume: sent to all plans of a JVM, or to a named plan. */
final class ControlCommands {
  private ControlCommands() {}

  /** Returns the model of the command pause. */
  static CommandSpec pause() {
    return command(PlanCommand.PAUSE, "Stop allocating; keep all blocks.");
  }

  /** Returns the model of the command resume. */
  static CommandSpec resume() {
    return command(PlanCommand.RESUME, "Continue allocating after a break, a pause or exhaustion.");
  }

  private static CommandSpec command(PlanCommand command, String description) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new Send(command));
    spec.name(command.name().toLowerCase(Locale.ROOT)).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description);
    return spec;
  }

  @CommandLine.Command
  private static final class Send implements Callable<Integer> {
    private final PlanCommand command;

    @Mixin private PlanChoice choice;

    @Mixin private JsonOption json;

    Send(PlanCommand command) {
      this.command = command;
    }

    @Override
    public Integer call() throws IOException, InvalidArguments, InterruptedException {
      if (choice.isMany()) {
        return choice.each();
      }
      json.pid(choice.pid());
      choice.forEach(this::send);
      return json.end(ExitCode.DONE, null);
    }

    private void send(long pid, PlanControl plan) throws IOException {
      int sequence = plan.send(command);
      Status after = choice.await(plan, status -> PlanControl.hasTaken(status, sequence));
      json.plans(List.of(StatusReport.sampleOf(plan.name(), after)));
      json.text()
          .printf(
              "plan %s in JVM %d: %s, %d blocks, %s committed%n",
              plan.name(),
              pid,
              after.phase,
              after.get(Reading.BLOCKS),
              Sizes.of(after.get(Reading.COMMITTED)));
    }
  }
}
