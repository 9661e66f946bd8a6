package io.allocmem.launcher.check;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Reading;
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
  private final JvmFacts around;
  private final HoldPlan plan;
  private final ByteSize block;
  private final Assessment verdict;

  private CheckReport(JvmFacts around, HoldPlan plan, ByteSize block) {
    this.around = around;
    this.plan = plan;
    this.block = block;
    this.verdict = Assessment.of(around, plan);
  }

  /**
   * Checks that JVM from outside and changes nothing there.
   *
   * @param plan null for a check of the JVM without a plan
   * @param block size of an array on the heap; null if not requested
   * @throws Failure if the JVM does not exist, or this user may not look
   */
  public static CheckReport of(long pid, HoldPlan plan, ByteSize block) throws IOException {
    return new CheckReport(JvmFacts.of(pid), plan, block);
  }

  /** Returns true if no refusal is visible from outside. */
  public boolean canStart() {
    return verdict.refusals().isEmpty();
  }

  /** Returns a table of all values, followed by one line per refusal and warning. */
  public String toText() {
    Table table = new Table("JVM " + around.process().pid(), around.process().main());
    table.row("JDK", around.jdk());
    table.row("user", around.process().user());
    table.row("attach", around.unattachable() == null ? "possible" : "not possible, see below");
    table.row(
        "agent loading", around.loadsAgents() ? "allowed" : "off, -XX:-EnableDynamicAgentLoading");
    addHeap(table);
    table.row("direct memory", capacity("-XX:MaxDirectMemorySize=", "same as the heap's max"));
    table.row("metaspace", capacity("-XX:MaxMetaspaceSize=", "no limit of its own"));
    table.row("container", container());
    table.row(
        "page library", around.pagesMissing() == null ? "can be loaded" : around.pagesMissing());
    table.row("held", held());
    table.row("plan", plan == null ? "not checked: no amount given (-x, --until)" : planned());
    return table + sentences();
  }

  private void addHeap(Table table) {
    HeapFacts heap = around.heap();
    table.row("collector", heap.collector());
    table.row("heap", heap());
    if (heap.regionSize() != 0) {
      table.row("region", region());
    }
    List<String> fatal = around.options().fatal();
    table.row(
        "OutOfMemoryError",
        fatal.isEmpty() ? "no flag acts on a caught error" + unread() : String.join(", ", fatal));
  }

  /** Names the unreadable sources of options. */
  private String unread() {
    List<String> unread = around.options().unread();
    return unread.isEmpty() ? "" : "; -: options that cannot be read: " + String.join(", ", unread);
  }

  private String heap() {
    HeapFacts heap = around.heap();
    String figures =
        "max %s, committed %s, used %s"
            .formatted(Sizes.of(heap.max()), Sizes.of(heap.committed()), Sizes.of(heap.used()));
    return figures
        + unknown()
        + (heap.fixed() ? "; -Xms = -Xmx: the heap never shrinks, RSS stays after a release" : "");
  }

  private String unknown() {
    if (!around.measured()) {
      return " (not known from outside: " + unmeasured() + ")";
    }
    boolean used = around.heap().used() != Reading.UNKNOWN;
    return used ? "" : " (known after the first collection)";
  }

  private String unmeasured() {
    if (around.options().isOn("PerfDisableSharedMem")) {
      return "-XX:+PerfDisableSharedMem";
    }
    return around.options().isOff("UsePerfData") ? "-XX:-UsePerfData" : "no performance data";
  }

  private String region() {
    long size = around.heap().regionSize();
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
    return block == null ? 0 : around.heap().takenBy(block.bytes()) - block.bytes();
  }

  private String capacity(String flag, String otherwise) {
    long given = around.options().size(flag);
    return given > 0 ? "capacity " + Sizes.of(given) : otherwise;
  }

  private String container() {
    return "%scapacity %s, used %s"
        .formatted(
            around.limited() ? "" : "no limit; the machine: ",
            Sizes.of(around.containerCapacity()),
            Sizes.of(around.containerUsed()));
  }

  private String held() {
    List<String> plans =
        around.held().entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
    return plans.isEmpty() ? "nothing" : String.join(", ", plans);
  }

  private String planned() {
    return plan.toHuman() + ", in " + plan.area().toHuman();
  }

  private String sentences() {
    StringBuilder text = new StringBuilder();
    verdict.refusals().forEach(sentence -> text.append("refused: %s%n".formatted(sentence)));
    verdict.warnings().forEach(sentence -> text.append("warning: %s%n".formatted(sentence)));
    String what = plan == null ? "a plan" : "the plan";
    String can = canStart() ? " can start" : " cannot start like this";
    return text.append(what).append(can).append(System.lineSeparator()).toString();
  }

  /** Returns one JSON object in one line: bytes as integers, null for unknown. */
  public String toJson() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("pid", around.process().pid());
    object.put("jdk", around.jdk());
    object.put("mainClass", around.process().main());
    object.put("user", around.process().user());
    object.put("attachable", around.unattachable() == null);
    object.put("loadsAgents", around.loadsAgents());
    putHeap(object);
    object.put("maxDirectMemory", known(around.options().size("-XX:MaxDirectMemorySize=")));
    object.put("maxMetaspace", known(around.metaspaceCapacity()));
    object.put("containerLimited", around.limited());
    object.put("containerCapacity", known(around.containerCapacity()));
    object.put("containerUsed", known(around.containerUsed()));
    object.put("pageLibrary", around.pagesMissing() == null);
    object.put("held", List.copyOf(around.held().keySet()));
    object.put("plan", plan == null ? null : plan.toHuman());
    object.put("refusals", verdict.refusals());
    object.put("warnings", verdict.warnings());
    return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(object);
  }

  private void putHeap(Map<String, Object> object) {
    HeapFacts heap = around.heap();
    object.put("collector", heap.collector().equals("-") ? null : heap.collector());
    object.put("heapMax", known(heap.max()));
    object.put("heapCommitted", known(heap.committed()));
    object.put("heapUsed", known(heap.used()));
    object.put("heapRoom", known(around.room().free()));
    object.put("heapRoomNeeded", around.room().needed() == 0 ? null : around.room().needed());
    object.put("heapFixed", heap.fixed());
    object.put("regionSize", heap.regionSize() == 0 ? null : known(heap.regionSize()));
    object.put("regionWaste", block == null ? null : wasted());
    object.put("fatalFlags", around.options().fatal());
    object.put("optionsUnread", around.options().unread());
  }

  private static Long known(long bytes) {
    return bytes == Reading.UNKNOWN ? null : bytes;
  }
}
