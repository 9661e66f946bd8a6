package io.allocmem.launcher;

import io.allocmem.arguments.PlanOption;
import io.allocmem.launcher.attach.HeldAlready;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.check.LargePlan;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PhaseWait;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JvmSearch;
import io.allocmem.launcher.restart.Ending;
import io.allocmem.launcher.watch.PlainDisplay;
import io.allocmem.launcher.watch.RecordWriter;
import io.allocmem.launcher.watch.Screen;
import io.allocmem.launcher.watch.WatchDisplay;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts a plan in a running JVM. */
@Command(
    name = "attach",
    description = "Start a plan in a running JVM; returns when the agent has accepted the plan.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  attach 4711 -m 100 -x 2048 -f 0.25 -a native   RSS grows by 525 MiB",
      "  attach 4711 -m 10 -x 2g -e 1s -d 10m           10 MiB a second, for 10 minutes",
      "  attach 4711 --until 85%% --hold                 85 %% of the heap, until Ctrl+C",
      "  attach 4711 -x 0 -m 5 --keep-free 10%%          all but a tenth of the heap"
    })
final class AttachCommand implements Callable<Integer> {
  /** Lease of a plan that this process holds. */
  static final String HELD = "30s";

  /** Field of the JSON answer: nothing was started, since --if-absent found the same plan. */
  private static final String HELD_ALREADY = "heldAlready";

  /** Field of the JSON answer: way of the plan into the JVM; null if nothing was started. */
  private static final String WAY = "way";

  /** Field of the JSON answer: counts of the service's own check; null without a check. */
  private static final String PROBE = "probe";

  /** Field of the JSON answer: new starts of --again. */
  static final String RESTARTS = "restarts";

  @Spec private CommandSpec spec;

  @Mixin private TargetChoice target;

  @Mixin private ManyChoice many;

  @Option(
      names = "--hold",
      description = {
        "stay in the foreground: renew a lease (of 30s), release at Ctrl+C;",
        "if this command is killed, the lease runs out"
      })
  private boolean hold;

  @Mixin private AgainOption again;

  @Mixin private ProbeOptions probe;

  @Option(
      names = "--watch",
      description = "open the live view after attaching; with --hold, quitting releases the plan")
  private boolean watch;

  @Mixin private Consent consent;

  @Mixin private WaitOption wait;

  @Option(
      names = "--if-absent",
      description = "succeed also if the JVM holds this plan already, with the same options")
  private boolean ifAbsent;

  @Mixin private RecordOptions record;

  @Mixin private JsonOption json;

  /** Way of the plan into the JVM; null before the check. */
  private PlanWay way;

  AttachCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    target.requireNoArguments(spec);
    HoldPlan plan = plan();
    if (again.isGiven() && !many.isGiven(spec)) {
      requireForAgain();
    }
    return many.isGiven(spec) ? attachToMany(plan) : attach(target.pid(spec), plan);
  }

  private int attachToMany(HoldPlan plan) throws IOException, InterruptedException {
    require(!again.isGiven(), "--again follows one JVM by its name: leave out --all and --match");
    require(
        !watch && record.file() == null,
        "--watch and --record show one JVM: give a PID, or leave out --all and --match");
    return new ManyAttach(spec, many, plan, hold, wait.timeout()).run(consent);
  }

  private int attach(long pid, HoldPlan plan) throws IOException, InterruptedException {
    json.pid(pid);
    json.put(HELD_ALREADY, false);
    json.put(WAY, null);
    json.put(RESTARTS, List.of());
    json.put(PROBE, null);
    boolean held = ifAbsent && isHeld(pid, plan);
    if (!held) {
      way = PlanStart.require(pid, plan);
      json.put(WAY, way.toString());
      consent.require(LargePlan.objection(plan, pid), spec);
      checkHealth(pid);
    }
    JvmEnd end = JvmEnd.of(pid);
    PrintWriter out = json.text();
    long every = record.everyMillis();
    // both before the plan, since a plan does not wait for the launcher
    try (RecordWriter recorder = RecordWriter.to(record.file());
        WatchDisplay display = watch ? Screen.or(out, hold, every) : PlainDisplay.to(out, true)) {
      if (!held) {
        startUnlessHeld(pid, plan, end);
      }
      follow(pid, plan, end, display, recorder);
    }
    return json.end(ExitCode.DONE, null);
  }

  /** A plan in a service that fails its own check would be released at once. */
  private void checkHealth(long pid) throws InterruptedException {
    try {
      probe.requireHealthy(pid);
    } finally {
      json.put(PROBE, probe.fields());
    }
  }

  /** Stays as long as the options ask for. */
  private void follow(
      long pid, HoldPlan plan, JvmEnd end, WatchDisplay display, RecordWriter recorder)
      throws IOException, InterruptedException {
    if (isHolding()) {
      Ending ending = hold(pid, plan, end, display, recorder);
      json.plans(ending.plans());
      ending.verdict().require();
    } else if (watch) {
      WatchCommand.watch(pid, plan.name()::equals, display, recorder, record.everyMillis());
    } else if (wait.timeout() != null) {
      await(pid, plan, end);
    } else if (json.isGiven()) {
      json.plans(plansOf(pid, plan));
    }
  }

  /**
   * Returns the plan after its start; empty if the plan is over. Also empty if the files do not
   * answer: the plan has started, so the command has not failed.
   */
  static List<PlanSample> plansOf(long pid, HoldPlan plan) {
    try {
      Stream<PlanSample> all = StatusReport.of(pid).plans().stream();
      return all.filter(sample -> sample.name().equals(plan.name())).toList();
    } catch (IOException | Failure late) {
      return List.of();
    }
  }

  /** Starts the plan; with --if-absent, another launcher may have been faster. */
  private void startUnlessHeld(long pid, HoldPlan plan, JvmEnd end) throws IOException {
    try {
      start(pid, plan, end);
    } catch (Failure refused) {
      if (!ifAbsent || !isHeld(pid, plan)) {
        throw refused;
      }
    }
  }

  private boolean isHeld(long pid, HoldPlan plan) throws IOException {
    String phase = HeldAlready.find(pid, plan);
    if (phase != null) {
      json.put(HELD_ALREADY, true);
      json.put(WAY, null);
      PrintWriter out = json.text();
      out.printf("plan %s in JVM %d: held already, %s%n", plan.name(), pid, phase);
    }
    return phase != null;
  }

  /** Waits until the plan has reached what was asked. */
  private void await(long pid, HoldPlan plan, JvmEnd end) throws IOException, InterruptedException {
    PhaseWait waiting = PhaseWait.ofStarted(pid, plan, end);
    Verdict verdict = waiting.await(wait.timeout());
    json.plans(waiting.plans());
    verdict.require();
    waiting.lines().forEach(json.text()::println);
  }

  /** Holds the plan in the foreground; with --again also in the next JVMs of the service. */
  private Ending hold(
      long pid, HoldPlan plan, JvmEnd end, WatchDisplay display, RecordWriter recorder)
      throws IOException, InterruptedException {
    ForegroundHold foreground = new ForegroundHold(plan, record.everyMillis(), probe);
    String held = "held until Ctrl+C, or allocmem release " + pid + probe.until();
    Runnable begun = () -> json.text().println(held);
    try {
      if (again.isGiven()) {
        return new AgainAttach(plan, consent.isGiven(), foreground, json)
            .run(JvmSearch.Found.of(pid), end, display, begun, target.part(), again.most());
      }
      return foreground.hold(pid, end, display, recorder, begun);
    } finally {
      json.put(PROBE, probe.fields());
    }
  }

  private boolean isHolding() {
    return hold || again.isGiven();
  }

  private HoldPlan plan() {
    Map<PlanOption, String> otherwise = new EnumMap<>(Map.of(PlanOption.BY, LauncherName.self()));
    if (isHolding()) {
      otherwise.put(PlanOption.LEASE, HELD);
    }
    HoldPlan plan = PlanOptions.planOf(spec, otherwise);
    probe.require(isHolding(), many.isGiven(spec));
    require(
        record.file() == null || isHolding() || watch,
        "--record needs --watch or --hold: without them, attach returns at once");
    require(
        !isHolding() || !plan.lease().isZero(),
        "--hold and --again need a lease: without a lease, a plan outlives the launcher");
    require(
        !isHolding() && !watch || wait.timeout() == null,
        "--wait returns once the plan is full; --hold, --again and --watch stay: give one of them");
    require(
        !watch || !json.isGiven(), "--json prints one object; --record FILE writes the samples");
    require(
        !isHolding() || !ifAbsent,
        "--hold and --again release their plan at the end, and --if-absent may find a plan of somebody else");
    return plan;
  }

  private void requireForAgain() {
    require(
        target.part() != null,
        "--again needs a part of the main class or jar name: a JVM that starts again has another PID");
    require(
        !watch && record.file() == null, "--watch and --record show one JVM: leave out --again");
  }

  private void require(boolean rule, String otherwise) {
    if (!rule) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private void start(long pid, HoldPlan plan, JvmEnd end) throws IOException {
    PlanStart start = new PlanStart(pid, plan, way, end);
    PrintWriter out = json.text();
    start.start(out);
    if (!watch) {
      start.sayResume(out);
    }
    if (!isHolding()) {
      start.sayRenew(out);
    }
  }
}
