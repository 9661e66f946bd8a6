package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Renews the lease of plans once. */
@Command(
    name = "renew",
    description = "Renew the lease: its full time begins again.",
    mixinStandardHelpOptions = true)
final class RenewCommand implements Callable<Integer> {
  @Mixin private PlanChoice choice;

  RenewCommand() {}

  @Override
  public Integer call() throws IOException, InvalidArguments {
    choice.forEach((pid, plan) -> plan.renew());
    return ExitCode.DONE.number();
  }
}
