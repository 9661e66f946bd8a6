package io.allocmem.launcher;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.plan.HoldPlan;
import io.allocmem.status.ProcessReadings;
import io.allocmem.status.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One look at all plans of a JVM, as text for people or as one JSON object for scripts. */
final class StatusReport {
  /** The plan is null where its words are of a version that this one does not know. */
  private record Answer(String name, String phase, HoldPlan plan, Status status) {
    <T> T plan(Function<HoldPlan, T> field) {
      return plan == null ? null : field.apply(plan);
    }

    <T> Object cell(Function<HoldPlan, T> field) {
      return plan == null ? "-" : field.apply(plan);
    }
  }

  private final long pid;
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
  static StatusReport of(long pid) throws IOException, InvalidArguments {
    List<Answer> answers = new ArrayList<>();
    for (PlanControl control : PlanControl.of(pid)) {
      try (control) {
        Status status = control.status();
        HoldPlan plan = Versions.planOf(status);
        answers.add(new Answer(control.name(), control.phase(status), plan, status));
      }
    }
    if (answers.isEmpty() && (pid <= 0 || ProcessHandle.of(pid).isEmpty())) {
      throw new Failure("there is no process " + pid + "; allocmem list shows the JVMs");
    }
    return new StatusReport(pid, answers);
  }

  boolean isAnythingHeld() {
    return answers.stream().anyMatch(a -> !a.status.phase.isOver() && !a.phase.equals("DEAD"));
  }

  String toText() {
    if (answers.isEmpty()) {
      return "no plan is held in %d%n".formatted(pid);
    }
    Status one = newest();
    StringBuilder text = new StringBuilder();
    text.append(
        "JVM %d  %s  JDK %s  agent %s%n".formatted(pid, one.mainClass, one.jdk, one.agentVersion));
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

  String toJson() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    Status one = newest();
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
    return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(object);
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
