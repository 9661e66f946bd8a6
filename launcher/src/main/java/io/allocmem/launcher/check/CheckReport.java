package io.allocmem.launcher.check;

import io.allocmem.control.Reading;
import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.Table;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Report of a prediction for a plan in a JVM: as text for people, or as one JSON object for
 * scripts.
 */
public final class CheckReport {
  private final JvmFacts facts;
  private final HoldPlan plan;
  private final ByteSize block;
  private final Assessment assessment;

  private CheckReport(JvmFacts facts, HoldPlan plan, ByteSize block, boolean consent) {
    this.facts = facts;
    this.plan = plan == null ? null : facts.pages().on(plan);
    this.block = block;
    this.assessment = Assessment.of(facts, plan, consent);
  }

  /**
   * Checks that JVM from outside and changes nothing there.
   *
   * @param plan null for a check of the JVM without a plan
   * @param block size of an array on the heap; null if not requested
   * @param consent true if the user consents to a plan of most of a machine
   * @throws Failure if the JVM does not exist, or this user may not look
   */
  public static CheckReport of(long pid, HoldPlan plan, ByteSize block, boolean consent)
      throws IOException {
    return new CheckReport(JvmFacts.of(pid), plan, block, consent);
  }

  /** Returns the first refusal that is visible from outside; null for none. */
  public String refusal() {
    return assessment.refusals().stream().findFirst().orElse(null);
  }

  /** Returns a table of all values, followed by one line per refusal and warning. */
  public String toText() {
    Table table = new Table("JVM " + facts.process().pid(), facts.process().main());
    table.row("JDK", facts.jdk());
    table.row("user", facts.process().user());
    table.row("way in", facts.way() == null ? "none, see below" : facts.way());
    if (facts.armed() != null) {
      table.row("armed", facts.armed().toHuman());
    }
    table.row("attach", attach());
    table.row(
        "agent loading", facts.loadsAgents() ? "allowed" : "off, -XX:-EnableDynamicAgentLoading");
    addHeap(table);
    table.row("direct memory", capacity("-XX:MaxDirectMemorySize=", "same as the heap's max"));
    table.row("metaspace", capacity("-XX:MaxMetaspaceSize=", "no limit of its own"));
    table.row(facts.container().isLimited() ? "container" : "machine", container());
    table.row(
        "page library", facts.pagesMissing() == null ? "can be loaded" : facts.pagesMissing());
    if (facts.locked() > 0) {
      table.row(
          "locked memory",
          Sizes.of(facts.locked()) + " (mlock, mlockall): the kernel keeps these pages");
    }
    table.row("held", held());
    table.row("plan", plan == null ? "not checked: no amount given (-x, --until)" : planned());
    if (plan != null) {
      assessment.outlook().forEach(sentence -> table.row("", sentence));
    }
    return table + sentences();
  }

  private String attach() {
    if (facts.unattachable() == null) {
      return "possible";
    }
    return facts.way() == null
        ? "not possible, see below"
        : "not possible, not needed: " + facts.unattachable();
  }

  private void addHeap(Table table) {
    HeapFacts heap = facts.heap();
    table.row("collector", heap.collector());
    table.row("heap", heap());
    if (heap.regionSize() != 0) {
      table.row("region", region());
    }
    List<String> fatal = facts.options().fatal();
    table.row(
        "OutOfMemoryError",
        fatal.isEmpty() ? "no flag acts on a caught error" + unread() : String.join(", ", fatal));
  }

  /** Names the unreadable sources of options. */
  private String unread() {
    List<String> unread = facts.options().unread();
    return unread.isEmpty() ? "" : "; -: options that cannot be read: " + String.join(", ", unread);
  }

  private String heap() {
    HeapFacts heap = facts.heap();
    String figures =
        "max %s, committed %s, used %s"
            .formatted(Sizes.of(heap.max()), Sizes.of(heap.committed()), Sizes.of(heap.used()));
    return figures
        + unknown()
        + (heap.fixed() ? "; -Xms = -Xmx: the heap never shrinks, RSS stays after a release" : "");
  }

  private String unknown() {
    if (!facts.measured()) {
      return " (not known from outside: " + unmeasured() + ")";
    }
    boolean used = facts.heap().used() != Reading.UNKNOWN;
    return used ? "" : " (known after the first collection)";
  }

  private String unmeasured() {
    if (facts.options().isOn("PerfDisableSharedMem")) {
      return "-XX:+PerfDisableSharedMem";
    }
    return facts.options().isOff("UsePerfData") ? "-XX:-UsePerfData" : "no performance data";
  }

  private String region() {
    long size = facts.heap().regionSize();
    if (size == Reading.UNKNOWN) {
      return "-";
    }
    String rule =
        "%s: an array of more than %s takes whole regions"
            .formatted(Sizes.of(size), Sizes.of(size / 2));
    return wasted() == 0
        ? rule
        : "%s; a block of %s takes %s, %s of it wasted"
            .formatted(
                rule, block.toHuman(), Sizes.of(block.bytes() + wasted()), Sizes.of(wasted()));
  }

  /** Returns the bytes that a block wastes on the heap; only arrays waste bytes. */
  private long wasted() {
    return block == null ? 0 : facts.heap().takenBy(block.bytes()) - block.bytes();
  }

  private String capacity(String flag, String otherwise) {
    long given = facts.options().size(flag);
    return given > 0 ? "capacity " + Sizes.of(given) : otherwise;
  }

  private String container() {
    Container container = facts.container();
    return "%scapacity %s, used %s%s"
        .formatted(
            container.isLimited() ? "" : "no container with a limit; ",
            Sizes.of(container.capacity()),
            Sizes.of(container.used()),
            container.high() == Reading.UNKNOWN
                ? ""
                : ", throttled above " + Sizes.of(container.high()));
  }

  private String held() {
    List<String> plans =
        facts.held().entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
    return plans.isEmpty() ? "nothing" : String.join(", ", plans);
  }

  private String planned() {
    return plan.toHuman() + ", in " + plan.area().toHuman();
  }

  private String sentences() {
    StringBuilder text = new StringBuilder();
    assessment.refusals().forEach(sentence -> text.append("refused: %s%n".formatted(sentence)));
    assessment.warnings().forEach(sentence -> text.append("warning: %s%n".formatted(sentence)));
    String what = plan == null ? "a plan" : "the plan";
    String can = refusal() == null ? " can start" : " cannot start like this";
    return text.append(what).append(can).append(System.lineSeparator()).toString();
  }

  /** Returns the fields for scripts: bytes as integers, null for unknown. */
  public Map<String, Object> fields() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("jdk", facts.jdk());
    object.put("mainClass", facts.process().main());
    object.put("user", facts.process().user());
    object.put("way", facts.way() == null ? null : facts.way().toString());
    object.put("armed", facts.armed() == null ? null : facts.armed().fields());
    object.put("attachable", facts.unattachable() == null);
    object.put("unattachable", facts.unattachable());
    object.put("loadsAgents", facts.loadsAgents());
    putHeap(object);
    object.put("maxDirectMemory", known(facts.options().size("-XX:MaxDirectMemorySize=")));
    object.put("maxMetaspace", known(facts.metaspaceCapacity()));
    object.put("containerLimited", facts.container().isLimited());
    object.put("containerCapacity", known(facts.container().capacity()));
    object.put("containerUsed", known(facts.container().used()));
    object.put("containerHigh", known(facts.container().high()));
    object.put("lockedMemory", known(facts.locked()));
    object.put("pageLibrary", facts.pagesMissing() == null);
    object.put("held", List.copyOf(facts.held().keySet()));
    object.put("plan", plan == null ? null : plan.toHuman());
    object.put("refusals", assessment.refusals());
    object.put("warnings", assessment.warnings());
    return object;
  }

  private void putHeap(Map<String, Object> object) {
    HeapFacts heap = facts.heap();
    object.put("collector", heap.collector().equals("-") ? null : heap.collector());
    object.put("heapMax", known(heap.max()));
    object.put("heapCommitted", known(heap.committed()));
    object.put("heapUsed", known(heap.used()));
    object.put("heapRoom", known(facts.room().free()));
    object.put("heapRoomNeeded", facts.room().needed() == 0 ? null : facts.room().needed());
    object.put("heapFixed", heap.fixed());
    object.put("regionSize", heap.regionSize() == 0 ? null : known(heap.regionSize()));
    object.put("regionWaste", block == null ? null : wasted());
    object.put("fatalFlags", facts.options().fatal());
    object.put("optionsUnread", facts.options().unread());
  }

  private static Long known(long bytes) {
    return bytes == Reading.UNKNOWN ? null : bytes;
  }
}
