package io.allocmem.launcher.control;

import io.allocmem.control.Printable;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.Table;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Status of all plans of a JVM at one time, as text for people or as one JSON object for scripts.
 */
public final class StatusReport {
  /** One plan's status; the plan is null if its words belong to an unknown version. */
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

  /** Displayed phase of a plan after the death of its process. */
  public static final String DEAD = "DEAD";

  private static final String[] COLUMNS = {
    "PLAN",
    "PHASE",
    "AREA",
    "BLOCKS",
    "ASKED",
    "COMMITTED",
    "TOUCHED",
    "RESIDENT",
    "RSS BEFORE",
    "RSS NOW"
  };

  private final long pid;
  private final long timeMillis = System.currentTimeMillis();
  private final List<Answer> answers;
  private final Readings jvm;

  private StatusReport(long pid, List<Answer> answers) {
    this.pid = pid;
    this.answers = answers;
    this.jvm = JvmReadings.of(pid, answers.stream().map(Answer::status).toList());
  }

  /** Returns the report with the chosen plans only. */
  public StatusReport only(Predicate<String> names) {
    return new StatusReport(pid, answers.stream().filter(a -> names.test(a.name)).toList());
  }

  /**
   * Reads the control files of that process.
   *
   * @throws Failure if neither the process nor any plan exists
   */
  public static StatusReport of(long pid) throws IOException {
    try (Poller poller = new Poller(pid)) {
      StatusReport report = poller.next();
      if (report.answers.isEmpty() && (pid <= 0 || ProcessHandle.of(pid).isEmpty())) {
        throw new Failure("there is no process " + pid + "; allocmem list shows the JVMs");
      }
      return report;
    }
  }

  /** Reads open control files; omits a file without a readable status. */
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

  /** Returns true if a named plan holds memory, or may hold memory. */
  public boolean isAnythingHeld(Predicate<String> names) {
    return answers.stream().anyMatch(a -> names.test(a.name) && !a.isOver());
  }

  /** Returns the phase of each plan, by name. */
  public Map<String, String> phases() {
    Map<String, String> phases = new LinkedHashMap<>();
    answers.forEach(a -> phases.put(a.name, a.phase));
    return phases;
  }

  /** Returns one line per plan, with its state or its end. */
  public List<String> toLines() {
    return toLines(name -> true);
  }

  /** Returns one line per named plan, with its state or its end. */
  public List<String> toLines(Predicate<String> names) {
    return answers.stream().filter(a -> names.test(a.name)).map(this::toLine).toList();
  }

  /** Returns a sentence that names the held plans, their bytes, and the command of a release. */
  public String toHeld(Predicate<String> names) {
    List<Answer> held = answers.stream().filter(a -> names.test(a.name) && !a.isOver()).toList();
    long bytes = held.stream().mapToLong(a -> a.status.get(Reading.COMMITTED)).sum();
    boolean all = answers.stream().allMatch(a -> a.isOver() || names.test(a.name));
    String plans = held.stream().map(Answer::name).collect(Collectors.joining(", "));
    return "%s %s still held, %s; release with: allocmem release %d%s"
        .formatted(
            held.size() == 1 ? "plan" : "plans",
            plans,
            Sizes.of(bytes),
            pid,
            all ? "" : " -n " + plans);
  }

  private String toLine(Answer a) {
    String plan = "plan %s: %s".formatted(a.name, a.phase);
    return a.isOver()
        ? plan + (a.status.get(Reading.STOPPED) == 1 ? ", " + a.status.message : "")
        : "%s, %d blocks, %s committed, %s resident, RSS %s%s"
            .formatted(
                plan,
                a.status.get(Reading.BLOCKS),
                Sizes.of(a.status.get(Reading.COMMITTED)),
                Sizes.of(a.status.get(Reading.RESIDENT)),
                Sizes.of(jvm.get(Reading.RSS)),
                EffectLine.brief(jvm));
  }

  /** Returns the process's own figures and a table of the plans, with line ends. */
  public String toText() {
    if (answers.isEmpty()) {
      return "no plan is held in %d%n".formatted(pid);
    }
    Status one = newest();
    StringBuilder text = new StringBuilder(header(one)).append(table());
    String caveat = Versions.caveat(one);
    if (caveat != null) {
      text.append(caveat).append(System.lineSeparator());
    }
    for (Answer answer : answers) {
      text.append(PlanNotes.of(answer.name, answer.status));
    }
    return text.toString();
  }

  private String header(Status one) {
    String process =
        "JVM %d  %s  JDK %s  agent %s%n"
            .formatted(
                pid,
                Printable.name(one.mainClass),
                Printable.name(one.jdk),
                Printable.name(one.agentVersion));
    String heap =
        "RSS %s  heap used %s, live %s, of %s"
            .formatted(
                Sizes.of(jvm.get(Reading.RSS)),
                Sizes.of(jvm.get(Reading.HEAP_USED)),
                Sizes.of(jvm.get(Reading.HEAP_LIVE)),
                Sizes.of(jvm.get(Reading.HEAP_MAX)));
    String effect =
        EffectLine.of(jvm).stream().map("%s%n"::formatted).collect(Collectors.joining());
    return process + heap + container() + System.lineSeparator() + effect;
  }

  /** Returns the limit in bytes; null for a plan without, and for a share in a foreign file. */
  private static Long limitOf(HoldPlan plan) {
    return plan.until() != null || plan.limit().isShare() ? null : plan.limit().bytes();
  }

  private String container() {
    long capacity = jvm.get(Reading.CONTAINER_CAPACITY);
    if (capacity == Reading.UNKNOWN) {
      return "";
    }
    long high = jvm.get(Reading.CONTAINER_HIGH);
    String throttled = high == Reading.UNKNOWN ? "" : ", throttled above " + Sizes.of(high);
    String used = Sizes.of(jvm.get(Reading.CONTAINER_USED));
    return "  container used %s of %s%s".formatted(used, Sizes.of(capacity), throttled);
  }

  private Table table() {
    Table table = new Table((Object[]) COLUMNS);
    for (Answer a : answers) {
      Status s = a.status;
      table.row(
          a.name,
          a.phase,
          a.cell(HoldPlan::area),
          s.get(Reading.BLOCKS),
          a.cell(StatusReport::asked),
          Sizes.of(s.get(Reading.COMMITTED)),
          Sizes.of(s.get(Reading.TOUCHED)),
          Sizes.of(s.get(Reading.RESIDENT)),
          Sizes.of(s.get(Reading.RSS_BEFORE)),
          Sizes.of(jvm.get(Reading.RSS)));
    }
    return table;
  }

  private static String asked(HoldPlan plan) {
    if (plan.effectTarget() != null) {
      return "until " + plan.effectTarget();
    }
    return plan.until() == null ? plan.limit().toHuman() : "until " + plan.until().toHuman();
  }

  /** Returns the report as one object in one line, in the format of a record. */
  public String toJson() throws IOException {
    return RecordLine.print(toSample());
  }

  /** Returns the report as a sample of a record. */
  public JvmSample toSample() {
    Status one = newest();
    return new JvmSample(
        JvmSample.FORMAT,
        timeMillis,
        pid,
        one == null ? null : one.jdk,
        one == null ? null : one.mainClass,
        one == null ? null : one.agentVersion,
        new Readings(jvm),
        plans());
  }

  /** Returns one sample per plan. */
  public List<PlanSample> plans() {
    return answers.stream().map(StatusReport::toSample).toList();
  }

  /** Returns the sample of one status. */
  public static PlanSample sampleOf(String name, Status status) {
    return toSample(new Answer(name, status.phase.name(), Versions.planOf(status), status));
  }

  private static PlanSample toSample(Answer a) {
    return new PlanSample(
        a.name,
        a.phase,
        a.plan(plan -> plan.area().toString()),
        a.plan(plan -> plan.blockSize().bytes()),
        a.plan(StatusReport::limitOf),
        a.plan(HoldPlan::aim),
        a.plan(plan -> plan.then().toString()),
        a.plan(plan -> plan.fill().share()),
        a.plan(HoldPlan::delayMillis),
        a.status.readings(),
        a.status.message);
  }

  private Status newest() {
    return answers.stream()
        .map(Answer::status)
        .max((a, b) -> Long.compare(a.heartbeatMillis, b.heartbeatMillis))
        .orElse(null);
  }
}
