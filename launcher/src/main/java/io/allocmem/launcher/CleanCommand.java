package io.allocmem.launcher;

import io.allocmem.launcher.control.Leftover;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes leftovers of killed JVMs and launchers, and nothing else. */
@Command(
    name = "clean",
    description = {
      "Remove the files that killed JVMs and launchers left in /tmp/allocmem_USER.",
      "As root: of all users. Skips files in use, and files not created by allocmem."
    },
    mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
  @Option(names = "--dry-run", description = "print what would be removed, and remove nothing")
  private boolean dryRun;

  @Mixin private JsonOption json;

  CleanCommand() {}

  @Override
  public Integer call() throws IOException {
    Leftovers found = Leftovers.find();
    List<Map<String, Object>> removed = new ArrayList<>();
    for (Leftover leftover : found.ours()) {
      boolean done = dryRun || leftover.remove();
      String verb = done ? dryRun ? "would remove" : "removed" : "skipped, in use again:";
      json.text().printf("%s %s (%s)%n", verb, leftover.path(), leftover.what());
      if (done) {
        removed.add(Map.of("path", leftover.path().toString(), "what", leftover.what()));
      }
    }
    for (String other : found.others()) {
      json.text().printf("skipped: %s%n", other);
    }
    if (found.ours().isEmpty()) {
      json.text().println("nothing is left over");
    }
    json.put("dryRun", dryRun);
    json.put("removed", removed);
    json.put("skipped", found.others());
    return json.end(ExitCode.DONE, null);
  }
}
