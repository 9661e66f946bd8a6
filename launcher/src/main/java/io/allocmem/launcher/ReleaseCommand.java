package io.allocmem.launcher;

import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import io.allocmem.launcher.check.KeptByOptions;
import io.allocmem.launcher.control.JvmReadings;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Recovery;
import io.allocmem.launcher.control.Release;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.many.ManyTarget;
import io.allocmem.launcher.many.Outcome;
import io.allocmem.launcher.many.Selection;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  private static final String NOTHING = "nothing to release: no plan is held";

  @Spec private CommandSpec spec;

  @Mixin private PlanChoice choice;

  @Option(
      names = "--gc",
      description =
          "then ask the JVM for one collection, and wait until RSS rests: the heap shows a release only afterwards")
  private boolean collect;

  @Option(
      names = "--if-held",
      description = "succeed also if no plan is held, or the JVM has ended")
  private boolean ifHeld;

  @Mixin private JsonOption json;

  private final List<Released> all = new ArrayList<>();

  /** Release of the plans so far; null before the first plan. */
  private Release release;

  /** One released plan with its last status. */
  private record Released(String name, long bytes, Status over) {}

  ReleaseCommand() {}

  @Override
  public Integer call() throws IOException, InvalidArguments, InterruptedException {
    if (choice.isMany()) {
      return releaseMany();
    }
    try {
      releaseAll();
    } finally {
      if (release != null) {
        print();
      }
    }
    List<String> problems = release == null ? List.of() : release.problems();
    return problems.isEmpty()
        ? json.end(ExitCode.DONE, null)
        : json.end(ExitCode.FAILED, String.join("; ", problems));
  }

  private int releaseMany() throws IOException, InterruptedException {
    Selection selection = choice.selection();
    if (ifHeld && selection.targets().isEmpty()) {
      ManyChoice.sayLeftOut(selection, spec);
      json.text().println(NOTHING);
      return json.end(ExitCode.DONE, null);
    }
    OneOfMany one = OneOfMany.of(spec, Map.of());
    return choice.each(selection, jvm -> () -> release(jvm, one));
  }

  private Outcome release(ManyTarget jvm, OneOfMany one) throws IOException {
    return ifHeld && jvm.hasEnded() ? Outcome.of(spec.name(), jvm, Verdict.DONE) : one.run(jvm);
  }

  private void releaseAll() throws IOException, InvalidArguments {
    boolean found = !ifHeld || choice.isAnyFound();
    if (found) {
      json.pid(choice.pid());
    }
    if (!ifHeld) {
      choice.forEach(this::release);
    } else if (!found || !choice.forAny(this::release)) {
      json.text().println(NOTHING);
    }
  }

  private void release(long pid, PlanControl plan) throws IOException {
    Status held = choice.await(plan, status -> true);
    Release next = release == null ? new Release(pid, heldIn(pid, held), collect) : release;
    boolean last = choice.isLast(); // one collection for all plans
    plan.send(collect && last ? PlanCommand.RELEASE_AND_COLLECT : PlanCommand.RELEASE);
    Status over = choice.await(plan, status -> status.phase.isOver());
    release = next;
    release.add(plan.name(), held, over, last);
    long bytes = held.get(Reading.COMMITTED);
    all.add(new Released(plan.name(), bytes, over));
    json.text()
        .printf("plan %s in JVM %d: released %s%n", plan.name(), pid, Sizes.of(bytes))
        .flush();
  }

  /** Returns the readings of the JVM; of this plan alone if the other control files are late. */
  private static Readings heldIn(long pid, Status held) {
    try {
      return JvmReadings.of(pid);
    } catch (IOException | Failure late) {
      return JvmReadings.of(pid, List.of(held));
    }
  }

  private void print() {
    release.finish(KeptByOptions.of(release.pid()));
    Recovery recovery = release.recovery();
    Table table = new Table("", "BEFORE", "HELD", "AFTER");
    for (Recovery.Meter meter :
        recovery.meters(Reading.HEAP_LIVE, Reading.RSS, Reading.CONTAINER_USED)) {
      table.row(
          meter.name(), Sizes.of(meter.before()), Sizes.of(meter.held()), Sizes.of(meter.after()));
    }
    PrintWriter out = json.text();
    out.print(table);
    release.problems().forEach(out::println);
    release.notes().forEach(out::println);
    out.flush();
    json.pid(release.pid());
    for (Released plan : all) {
      Map<String, Object> fields = StatusReport.sampleOf(plan.name, plan.over).fields();
      fields.put("recovery", recovery.fields(plan.bytes, release.complete()));
      json.plan(fields);
    }
  }
}
