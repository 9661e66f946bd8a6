package io.allocmem.launcher;

import io.allocmem.launcher.control.Leftover;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes leftovers of killed JVMs and launchers, and nothing else. */
@Command(
    name = "clean",
    description = {
      "Remove the files that killed JVMs and launchers left in /tmp/allocmem_USER.",
      "As root: of all users. Skips files in use, and files not created by allocmem."
    },
    mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--dry-run", description = "print what would be removed, and remove nothing")
  private boolean dryRun;

  CleanCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Leftovers found = Leftovers.find();
    for (Leftover leftover : found.ours()) {
      String done =
          dryRun ? "would remove" : leftover.remove() ? "removed" : "skipped, in use again:";
      out.printf("%s %s (%s)%n", done, leftover.path(), leftover.what());
    }
    for (String other : found.others()) {
      out.printf("skipped: %s%n", other);
    }
    if (found.ours().isEmpty()) {
      out.println("nothing is left over");
    }
    return ExitCode.DONE.number();
  }
}
