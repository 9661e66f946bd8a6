package io.allocmem.launcher;

import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.probe.CommandCheck;
import io.allocmem.launcher.probe.FailureCount;
import io.allocmem.launcher.probe.HttpAddress;
import io.allocmem.launcher.probe.Probe;
import io.allocmem.launcher.probe.ServiceCheck;
import io.allocmem.launcher.probe.UrlCheck;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.watch.Follower;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Service's own check of a held plan: too many failures in a row release the plan. */
final class ProbeOptions {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration OF_COMMAND = Duration.ofSeconds(5);
  private static final Duration OF_URL = Duration.ofSeconds(1);
  private static final int FAILURES = 3;
  private static final int OK = 200;

  @Option(
      names = "--probe",
      paramLabel = "CMD",
      description = {
        "with --hold, --again: release when this command",
        "fails (sh -c); exit code 0 passes"
      })
  private String command;

  @Option(
      names = "--probe-url",
      paramLabel = "URL",
      converter = ProbeValues.HttpUrl.class,
      description = {
        "with --hold, --again: release when a GET of this URL",
        "fails; follows no redirect, and uses no proxy"
      })
  private HttpAddress url;

  @Option(
      names = "--expect",
      paramLabel = "STATUS",
      converter = ProbeValues.Status.class,
      description = "status of --probe-url that passes (default: " + OK + ")")
  private Integer expected;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      converter = ProbeValues.Limit.class,
      description = "time limit of a check (default: 1s for --probe-url, 5s for --probe)")
  private Duration within;

  @Option(
      names = "--probe-every",
      paramLabel = "TIME",
      converter = ProbeValues.Interval.class,
      description = "interval of the checks (default: 5s)")
  private Duration every;

  @Option(
      names = "--probe-failures",
      paramLabel = "N",
      converter = ProbeValues.Times.class,
      description = "release after N failed checks in a row (default: " + FAILURES + ")")
  private Integer failures;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Created with the first check: other commands load no class for a check. */
  private FailureCount count;

  /** Sentence about the failures that released the plan; null without a release. */
  private volatile String stopped;

  /** JVM and time of the last look before a start; null before the first look. */
  private Look lastLook;

  /** A check before a start: reason of the failure, or null. */
  private record Look(long pid, long nanos, String failure) {}

  ProbeOptions() {}

  private boolean isGiven() {
    return command != null || url != null;
  }

  /** Refuses options that do not fit each other, or the command. */
  void require(boolean holds, boolean many) {
    require(
        command == null || url == null,
        "--probe and --probe-url exclude each other: a command can make several checks: --probe 'A && B'");
    require(
        command == null || !command.isBlank(),
        "--probe needs a command of the shell: --probe 'curl -fs http://localhost:8080/health'");
    require(
        expected == null || url != null,
        "--expect is the status of --probe-url; a command of --probe passes with exit code 0");
    require(
        isGiven() || within == null && every == null && failures == null,
        "--within, --probe-every and --probe-failures need a check: --probe CMD or --probe-url URL");
    require(
        !isGiven() || !many,
        "--probe and --probe-url ask one service: give a PID, or leave out --all and --match");
    require(
        !isGiven() || holds,
        "--probe and --probe-url need --hold or --again: otherwise attach returns at once, and nobody checks");
  }

  private void require(boolean rule, String otherwise) {
    if (!rule) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /**
   * Runs the check once, and returns normally if the service passes.
   *
   * @throws Failure if the service fails: the plan would be released at once
   */
  void requireHealthy(long pid) throws InterruptedException {
    String failure = isGiven() ? failureBefore(pid) : null;
    if (failure != null) {
      throw new Failure(
          "the service fails its own check without the plan: %s; nothing was started: repair the service or the check, and try again"
              .formatted(failure));
    }
  }

  /** Returns the reason why the next JVM of --again is not healthy yet; null for a healthy JVM. */
  String unhealthy(long pid) throws InterruptedException {
    if (!isGiven()) {
      return null;
    }
    Look last = lastLook;
    boolean known = last != null && last.pid == pid;
    if (!known || System.nanoTime() - last.nanos >= every().toNanos()) {
      lastLook = new Look(pid, System.nanoTime(), failureBefore(pid));
    }
    return lastLook.failure;
  }

  private String failureBefore(long pid) throws InterruptedException {
    try (ServiceCheck check = check(pid)) {
      String failure = check.failure();
      count().add(failure);
      return failure;
    }
  }

  private ServiceCheck check(long pid) {
    return url == null
        ? new CommandCheck(command, pid, within == null ? OF_COMMAND : within)
        : new UrlCheck(url, expected == null ? OK : expected, within == null ? OF_URL : within);
  }

  private Duration every() {
    return every == null ? EVERY : every;
  }

  private int most() {
    return failures == null ? FAILURES : failures;
  }

  private FailureCount count() {
    if (count == null) {
      count = new FailureCount(most());
    }
    return count;
  }

  /** Returns the words about the end of a held plan; empty without a check. */
  String until() {
    return isGiven() ? ", or %d failed checks in a row".formatted(most()) : "";
  }

  /** Starts the checks beside a follower; returns null without a check. */
  Probe start(long pid, JvmEnd end, Follower follower) {
    stopped = null;
    return isGiven() ? Probe.start(check(pid), every(), count(), new Stop(follower, end)) : null;
  }

  /** Returns the sentence about the failures that released the plan; null without a release. */
  String stopped() {
    return stopped;
  }

  /** Returns the fields for the JSON answer; null without a check. */
  Map<String, Object> fields() {
    if (!isGiven()) {
      return null;
    }
    Map<String, Object> fields = count().fields();
    fields.put("released", stopped != null);
    return fields;
  }

  /** Releases the plan by the follower, as at Ctrl+C. */
  private final class Stop implements Probe.Listener {
    private final Follower follower;
    private final JvmEnd end;

    Stop(Follower follower, JvmEnd end) {
      this.follower = follower;
      this.end = end;
    }

    @Override
    public void failed(String sentence) {
      follower.say(sentence);
    }

    /** A service without its JVM answers nothing: the end of the JVM is the news then. */
    @Override
    public boolean stop(String sentence) {
      if (end.isOver()) {
        return false;
      }
      stopped = sentence;
      follower.release();
      return true;
    }
  }
}
