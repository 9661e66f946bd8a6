package io.allocmem.launcher.control;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.process.Amounts;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Table;
import io.allocmem.plan.HoldPlan;
import io.allocmem.status.Printable;
import io.allocmem.status.ProcessReadings;
import io.allocmem.status.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** One look at all plans of a JVM, as text for people or as one JSON object for scripts. */
public final class StatusReport {
  /** The plan is null where its words are of a version that this one does not know. */
  private record Answer(String name, String phase, HoldPlan plan, Status status) {
    <T> T plan(Function<HoldPlan, T> field) {
      return plan == null ? null : field.apply(plan);
    }

    boolean isOver() {
      return status.phase.isOver() || phase.equals(DEAD);
    }

    <T> Object cell(Function<HoldPlan, T> field) {
      return plan == null ? "-" : field.apply(plan);
    }
  }

  /** The phase that is shown of a plan whose process died. */
  public static final String DEAD = "DEAD";

  private final long pid;
  private final long timeMillis = System.currentTimeMillis();
  private final List<Answer> answers;

  private StatusReport(long pid, List<Answer> answers) {
    this.pid = pid;
    this.answers = answers;
  }

  /**
   * Reads the control files of that process.
   *
   * @throws Failure when there is no such process, and none that held anything
   */
  public static StatusReport of(long pid) throws IOException {
    try (Samples samples = new Samples(pid)) {
      StatusReport report = samples.next();
      if (report.answers.isEmpty() && (pid <= 0 || ProcessHandle.of(pid).isEmpty())) {
        throw new Failure("there is no process " + pid + "; allocmem list shows the JVMs");
      }
      return report;
    }
  }

  /** The same by control files that are open; one that cannot be read now is left out. */
  static StatusReport of(long pid, Collection<PlanControl> controls) throws IOException {
    List<Answer> answers = new ArrayList<>();
    for (PlanControl control : controls) {
      Status status = control.status();
      if (status != null) {
        String phase = control.phase(status);
        answers.add(new Answer(control.name(), phase, Versions.planOf(status), status));
      }
    }
    return new StatusReport(pid, answers);
  }

  /** Whether one of those plans holds something, or may. */
  public boolean isAnythingHeld(Predicate<String> names) {
    return answers.stream().anyMatch(a -> names.test(a.name) && !a.isOver());
  }

  /** The phase of each plan, by name. */
  public Map<String, String> phases() {
    Map<String, String> phases = new LinkedHashMap<>();
    answers.forEach(a -> phases.put(a.name, a.phase));
    return phases;
  }

  /** A line for each plan: how it stands, or how it ended. */
  public List<String> toLines() {
    return answers.stream().map(this::toLine).toList();
  }

  private String toLine(Answer a) {
    String plan = "plan %s: %s".formatted(a.name, a.phase);
    return a.isOver()
        ? plan
        : "%s, %d blocks, %s committed, %s resident, RSS %s"
            .formatted(
                plan,
                a.status.blocks,
                Amounts.of(a.status.committed),
                Amounts.of(a.status.resident),
                Amounts.ofRss(pid, a.status));
  }

  /** A table of the plans, below what the process says of itself; lines with their ends. */
  public String toText() {
    if (answers.isEmpty()) {
      return "no plan is held in %d%n".formatted(pid);
    }
    Status one = newest();
    StringBuilder text = new StringBuilder();
    text.append(
        "JVM %d  %s  JDK %s  agent %s%n"
            .formatted(
                pid,
                Printable.name(one.mainClass),
                Printable.name(one.jdk),
                Printable.name(one.agentVersion)));
    text.append(
        "RSS %s  heap used %s, live %s, of %s"
            .formatted(
                Amounts.ofRss(pid, one),
                Amounts.of(one.heapUsed),
                Amounts.of(one.heapLive),
                Amounts.of(one.heapMax)));
    if (one.containerCapacity != ProcessReadings.UNKNOWN) {
      text.append(
          "  container used %s of %s"
              .formatted(Amounts.of(one.containerUsed), Amounts.of(one.containerCapacity)));
    }
    text.append(System.lineSeparator());
    Table table =
        new Table(
            "PLAN",
            "PHASE",
            "AREA",
            "BLOCKS",
            "ASKED",
            "COMMITTED",
            "TOUCHED",
            "RESIDENT",
            "RSS BEFORE",
            "RSS NOW");
    for (Answer a : answers) {
      Status s = a.status;
      table.row(
          a.name,
          a.phase,
          a.cell(HoldPlan::area),
          s.blocks,
          a.cell(StatusReport::asked),
          Amounts.of(s.committed),
          Amounts.of(s.touched),
          Amounts.of(s.resident),
          Amounts.of(s.rssBefore),
          Amounts.ofRss(pid, s));
    }
    text.append(table);
    String caveat = Versions.caveat(one);
    if (caveat != null) {
      text.append(caveat).append(System.lineSeparator());
    }
    for (Answer a : answers) {
      if (!a.status.message.isEmpty()) {
        text.append("plan %s: %s%n".formatted(a.name, a.status.message));
      }
      if (a.status.regionWaste > 0) {
        text.append(
            "plan %s: the heap lost %s more to it, since a large array takes whole regions%n"
                .formatted(a.name, Amounts.of(a.status.regionWaste)));
      }
    }
    return text.toString();
  }

  private static String asked(HoldPlan plan) {
    return plan.until() == null ? plan.limit().toHuman() : "until " + plan.until().toHuman();
  }

  /** One object in one line: bytes and milliseconds, null for what was not measured. */
  public String toJson() throws IOException {
    return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(toMap());
  }

  /** The document's fields in their order. */
  Map<String, Object> toMap() {
    Map<String, Object> object = new LinkedHashMap<>();
    Status one = newest();
    object.put("format", Sample.FORMAT);
    object.put("time", timeMillis);
    object.put("pid", pid);
    object.put("jdk", one == null ? null : one.jdk);
    object.put("mainClass", one == null ? null : one.mainClass);
    object.put("agentVersion", one == null ? null : one.agentVersion);
    object.put("rss", one == null ? rssAlone() : known(Amounts.rss(pid, one)));
    object.put("heapUsed", one == null ? null : known(one.heapUsed));
    object.put("heapMax", one == null ? null : known(one.heapMax));
    object.put("heapLive", one == null ? null : known(one.heapLive));
    object.put("containerUsed", one == null ? null : known(one.containerUsed));
    object.put("containerCapacity", one == null ? null : known(one.containerCapacity));
    object.put("collections", one == null ? null : known(one.collections));
    object.put("pauseMillis", one == null ? null : known(one.pauseMillis));
    object.put("plans", answers.stream().map(StatusReport::toMap).toList());
    return object;
  }

  private Long rssAlone() {
    return new LinuxProcess(pid).rss().orElse(null);
  }

  private static Map<String, Object> toMap(Answer a) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", a.name);
    map.put("phase", a.phase);
    map.put("area", a.plan(plan -> plan.area().toString()));
    map.put("blockSize", a.plan(plan -> plan.blockSize().bytes()));
    map.put("limit", a.plan(plan -> plan.until() == null ? plan.limit().bytes() : null));
    map.put("until", a.plan(plan -> plan.until() == null ? null : plan.until().toString()));
    map.put("then", a.plan(plan -> plan.then().toString()));
    map.put("fill", a.plan(plan -> plan.fill().share()));
    map.put("delayMs", a.plan(plan -> plan.delay().toMillis()));
    map.put("blocks", a.status.blocks);
    map.put("committed", a.status.committed);
    map.put("touched", a.status.touched);
    map.put("resident", known(a.status.resident));
    map.put("regionWaste", a.status.regionWaste);
    map.put("rssBefore", known(a.status.rssBefore));
    map.put("dueMillis", known(a.status.dueMillis));
    map.put("message", a.status.message);
    return map;
  }

  private static Long known(long bytes) {
    return bytes == ProcessReadings.UNKNOWN ? null : bytes;
  }

  private Status newest() {
    return answers.stream()
        .map(Answer::status)
        .max((a, b) -> Long.compare(a.heartbeatMillis, b.heartbeatMillis))
        .orElse(null);
  }
}
