package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Renews the lease of plans once. */
@Command(
    name = "renew",
    description = "Renew the lease: its full time begins again.",
    mixinStandardHelpOptions = true)
final class RenewCommand implements Callable<Integer> {
  @Mixin private PlanChoice choice;

  @Mixin private JsonOption json;

  RenewCommand() {}

  @Override
  public Integer call() throws IOException, InvalidArguments, InterruptedException {
    if (choice.isMany()) {
      return choice.each();
    }
    json.pid(choice.pid());
    choice.forEach(this::renew);
    return json.end(ExitCode.DONE, null);
  }

  private void renew(long pid, PlanControl plan) throws IOException {
    plan.renew();
    Stream<Status> status = Stream.ofNullable(plan.status());
    json.plans(status.map(now -> StatusReport.sampleOf(plan.name(), now)).toList());
  }
}
