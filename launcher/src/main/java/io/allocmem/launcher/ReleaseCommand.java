package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Recovery;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.control.Versions;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.Table;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Releases the held memory, waits for the release, and shows the returned memory. */
@CommandLine.Command(
    name = "release",
    aliases = "stop",
    description = {
      "Release all blocks and end the plan; show the memory before and after.",
      "Exit code 1 if the memory did not come back in full."
    },
    mixinStandardHelpOptions = true)
final class ReleaseCommand implements Callable<Integer> {
  @Mixin private PlanChoice choice;

  @Option(
      names = "--gc",
      description = "then ask the JVM for a collection: the heap shows a release only afterwards")
  private boolean collect;

  @Option(
      names = "--if-held",
      description = "succeed also if no plan is held, or the JVM has ended")
  private boolean ifHeld;

  @Mixin private JsonOption json;

  /** Sentence about memory that did not come back; null for none. */
  private String missing;

  ReleaseCommand() {}

  @Override
  public Integer call() throws IOException, InvalidArguments {
    if (!ifHeld) {
      json.pid(choice.pid());
      choice.forEach(this::release);
    } else if (!choice.forAny(this::release)) {
      json.text().println("nothing to release: no plan is held");
    }
    return json.end(missing == null ? ExitCode.DONE : ExitCode.FAILED, missing);
  }

  private void release(long pid, PlanControl plan) throws IOException, InvalidArguments {
    Status held = choice.await(plan, status -> true);
    Readings readingsHeld = readings(pid, held);
    plan.send(collect ? PlanCommand.RELEASE_AND_COLLECT : PlanCommand.RELEASE);
    Status after = choice.await(plan, status -> status.phase.isOver());
    Recovery recovery = Recovery.of(readingsHeld, readings(pid, after));
    PrintWriter out = json.text();
    out.printf(
        "plan %s in JVM %d: released %s%n",
        plan.name(), pid, Sizes.of(held.get(Reading.COMMITTED)));
    out.print(table(recovery));
    HoldPlan asked = Versions.planOf(held);
    Boolean complete = null;
    if (asked == null) {
      out.printf(
          "not checked: the options of this plan are of agent version %s%n", held.agentVersion);
    } else {
      complete = check(recovery, asked.area(), out);
    }
    out.flush();
    json.pid(pid);
    Map<String, Object> fields = StatusReport.sampleOf(plan.name(), after).fields();
    fields.put("recovery", recovery.fields(held.get(Reading.COMMITTED), complete));
    json.plan(fields);
  }

  private static Readings readings(long pid, Status status) {
    Readings readings = status.readings();
    readings.set(Reading.RSS, Sizes.rss(pid, status));
    return readings;
  }

  private static Table table(Recovery recovery) {
    Table table = new Table("", "BEFORE", "HELD", "AFTER");
    for (Recovery.Meter meter :
        recovery.meters(Reading.HEAP_LIVE, Reading.RSS, Reading.CONTAINER_USED)) {
      table.row(
          meter.name(), Sizes.of(meter.before()), Sizes.of(meter.held()), Sizes.of(meter.after()));
    }
    return table;
  }

  /** Returns true if the memory came back in full; null if the JVM shows that later. */
  private Boolean check(Recovery recovery, AreaKind area, PrintWriter out) {
    String sentence = recovery.missing(area, collect);
    if (sentence != null) {
      out.println(sentence);
      missing = sentence;
      return false;
    }
    if (Recovery.isLeftToTheCollector(area) && !collect) {
      out.println(
          "the JVM shows the release after the next collection; --gc asks for a collection");
      return null;
    }
    return true;
  }
}
