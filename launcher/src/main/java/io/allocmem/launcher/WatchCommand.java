package io.allocmem.launcher;

import io.allocmem.launcher.control.Poller;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.watch.Follower;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.Screen;
import io.allocmem.launcher.watch.WatchDisplay;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the plans of a JVM live, and sends the commands of keys to the plans. */
@Command(
    name = "watch",
    aliases = "top",
    description = {
      "Watch the plans of a JVM live; keys: p pause, r resume, x release, q quit.",
      "Reads its control files and /proc only. Without a terminal: a line each second."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TargetChoice target;

  @Mixin private RecordOptions record;

  WatchCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    long pid = target.pidHolding(null, spec);
    if (!StatusReport.of(pid).isAnythingHeld(name -> true)) {
      throw PlanChoice.noPlan(null, pid);
    }
    RecordWriter recorder = RecordWriter.to(record.file());
    WatchDisplay display = Screen.or(spec.commandLine().getOut(), false, record.everyMillis());
    watch(pid, name -> true, display, recorder, record.everyMillis());
    return ExitCode.DONE.number();
  }

  /**
   * Returns normally if all chosen plans are over, or the person quits.
   *
   * @param plans names of the plans affected by keys; the view shows all plans
   */
  static void watch(
      long pid,
      Predicate<String> plans,
      WatchDisplay display,
      RecordWriter recorder,
      long everyMillis)
      throws IOException, InterruptedException {
    new Follower(new Poller(pid), display, recorder, everyMillis, plans, false).stay();
  }
}
