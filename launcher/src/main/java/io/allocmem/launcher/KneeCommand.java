package io.allocmem.launcher;

import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.check.LargePlan;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.knee.KneeOptions;
import io.allocmem.launcher.knee.KneePage;
import io.allocmem.launcher.knee.KneeResult;
import io.allocmem.launcher.knee.KneeSearch;
import io.allocmem.launcher.knee.Promise;
import io.allocmem.launcher.knee.StepPlans;
import io.allocmem.launcher.load.LoadTarget;
import io.allocmem.launcher.load.Rate;
import io.allocmem.launcher.probe.HttpAddress;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Finds how full the heap may be before a service breaks its promise. */
@Command(
    name = "knee",
    description = {
      "Find how full the heap may be before a service breaks its promise.",
      "Holds the heap fuller step by step, measures, and releases after each step and at Ctrl+C."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  knee 4711 --slo p99=50ms                             stalls inside the JVM",
      "  knee 4711 --slo p99=200ms,max=2s --url http://localhost:8080/ --rate 50/s",
      "  knee 4711 --slo p99=200ms --expect 80%% --report knee.html"
    })
final class KneeCommand implements Callable<Integer> {
  private static final String STOPPED = "the search was stopped; the plans are released";

  @Spec private CommandSpec spec;

  @Mixin private TargetChoice target;

  @Option(
      names = "--slo",
      paramLabel = "PROMISE",
      converter = KneeValues.Slo.class,
      description = {
        "promise of the service: p99=200ms; p50, p99, p99.9, max, several with a comma;",
        "of the answers with --url, else of the stalls inside the JVM"
      })
  private Promise promise;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = KneeValues.Url.class,
      description = "ask this URL at a fixed rate while the heap is held")
  private HttpAddress url;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      converter = KneeValues.Requests.class,
      description = "requests in a second (default: 50/s)")
  private Rate rate;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      converter = KneeValues.Answer.class,
      description = "time limit of an answer; a later answer is a failure (default: 10s)")
  private Duration within;

  @Option(
      names = "--from",
      paramLabel = "SHARE",
      converter = KneeValues.Share.class,
      defaultValue = "40%",
      description = "first share of the heap (default: 40%%)")
  private int from;

  @Option(
      names = "--to",
      paramLabel = "SHARE",
      converter = KneeValues.Share.class,
      defaultValue = "95%",
      description = "last share of the heap (default: 95%%)")
  private int to;

  @Option(
      names = "--step",
      paramLabel = "SHARE",
      converter = KneeValues.Share.class,
      defaultValue = "5%",
      description = "distance of two shares; halved to 1%% after a breach (default: 5%%)")
  private int step;

  @Option(
      names = "--measure",
      paramLabel = "TIME",
      converter = KneeValues.Measure.class,
      defaultValue = "30s",
      description = "time of each measurement (default: 30s)")
  private Duration measure;

  @Option(
      names = "--expect",
      paramLabel = "SHARE",
      converter = KneeValues.Share.class,
      description = "end with exit code 3 if the knee is lower")
  private Integer expect;

  @Option(
      names = "--stop-if",
      paramLabel = "CONDITION",
      description = "release a step at once, as a breach: gc>60%%, stall.max>5s")
  private String stopIf;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      defaultValue = "knee",
      description = "name of the plans (default: knee)")
  private String name;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      converter = KneeValues.Page.class,
      description = "write a page with the table and the curve")
  private Path report;

  @Mixin private Consent consent;

  @Mixin private JsonOption json;

  KneeCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    target.requireNoArguments(spec);
    requireRules();
    plan(options(0));
    KneeOptions options = options(target.pid(spec));
    json.pid(options.pid());
    PlanStart.require(options.pid(), plan(options));
    consent.require(LargePlan.objection(plan(options), options.pid()), spec);
    return search(options);
  }

  private int search(KneeOptions options) throws IOException, InterruptedException {
    try (KneeSearch search =
        new KneeSearch(options, plan -> start(options.pid(), plan), json.text())) {
      boolean over = run(search);
      write(search.result());
      if (over) {
        search.result().verdict().require();
        return json.end(ExitCode.DONE, null);
      }
      return json.end(ExitCode.FAILED, STOPPED); // the end of the process waits for this line
    }
  }

  /** Shows the steps so far, also after a failure; a page is no reason to hide the failure. */
  private boolean run(KneeSearch search) throws IOException, InterruptedException {
    try {
      return search.run();
    } catch (IOException | RuntimeException failure) {
      try {
        write(search.result());
      } catch (Failure unwritten) {
        failure.addSuppressed(unwritten);
      }
      throw failure;
    } finally {
      show(search.result());
    }
  }

  private void show(KneeResult result) {
    result.fields().forEach(json::put);
    if (!result.isEmpty()) {
      json.text().print(result.toText());
      json.text().flush();
    }
  }

  private void write(KneeResult result) {
    if (report == null || result.isEmpty()) {
      return;
    }
    try {
      NewFile.replace(report, KneePage.of(result).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Failure("cannot write " + report + ": give a file in a directory of yours", e);
    }
  }

  private static void start(long pid, HoldPlan plan) {
    PlanWay way = PlanStart.require(pid, plan);
    new PlanStart(pid, plan, way, JvmEnd.of(pid)).accepted();
  }

  private KneeOptions options(long pid) {
    Rate asked = rate == null ? Rate.parse("50/s") : rate;
    Duration limit = within();
    LoadTarget service = url == null ? null : new LoadTarget(url, limit);
    return new KneeOptions(
        pid,
        name,
        LauncherName.self(),
        promise,
        service,
        asked,
        from,
        to,
        step,
        expect == null ? 0 : expect,
        measure,
        stopIf);
  }

  /** Returns the largest plan of the search. */
  private HoldPlan plan(KneeOptions options) {
    try {
      StepPlans.meter(options);
      return StepPlans.pressure(options, to, 0);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Duration within() {
    return within == null ? Duration.ofSeconds(10) : within;
  }

  private void requireRules() {
    require(promise != null, "which promise? --slo p99=200ms");
    require(
        url != null || rate == null && within == null,
        "--rate and --within are of the client: give its --url");
    require(
        url == null || promise.longest().compareTo(within()) < 0,
        "a failure counts with the time of --within, so each time of --slo must be shorter: give a --within above them, 20s at most");
    require(from <= to, "--from is above --to");
    require(
        expect == null || expect <= to,
        "--expect is above --to: the search would not get that far");
    require(
        report == null || Files.isDirectory(report.toAbsolutePath().getParent()),
        "the directory of --report does not exist: " + report);
  }

  private void require(boolean rule, String otherwise) {
    if (!rule) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
