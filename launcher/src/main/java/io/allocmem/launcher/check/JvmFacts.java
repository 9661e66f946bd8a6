package io.allocmem.launcher.check;

import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.attach.AttachPreconditions;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.attach.ProcessPreconditions;
import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.control.Versions;
import io.allocmem.launcher.process.Container;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.JdkVersion;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Machine;
import io.allocmem.launcher.process.PageFacts;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.launcher.process.Processors;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PageKind;
import io.allocmem.readings.OverheadLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JVM and its surroundings, read from outside: from {@code /proc}, performance data and control
 * files. Never attaches, signals or writes.
 *
 * @param jdk version; {@code ?} if unknown
 * @param way way of a plan into the JVM; null for none
 * @param armed armed agent; null for none
 * @param unattachable reason why an attach is impossible; null if possible
 * @param loadsAgents true if the JVM accepts an agent at run time
 * @param options start options
 * @param room free heap for the agent's own classes
 * @param measured true if performance data exist
 * @param processors processors that the JVM may use at most; unknown without {@code /proc}
 * @param locked bytes of memory that the kernel keeps in RAM, as after mlockall(2); unknown without
 *     {@code /proc}
 * @param locks part of the locked memory that plans with locked pages touched
 * @param pages huge pages, and memory that the process may lock further
 * @param pagesMissing reason why an attach cannot load the page library; null if possible
 * @param held phase and size of each plan, by name
 */
record JvmFacts(
    JavaProcess process,
    String jdk,
    PlanWay way,
    ArmedState armed,
    String unattachable,
    boolean loadsAgents,
    StartOptions options,
    HeapFacts heap,
    HeapRoom room,
    boolean measured,
    Container container,
    long processors,
    long locked,
    long locks,
    PageFacts pages,
    String pagesMissing,
    Map<String, String> held) {

  /**
   * Reads the data of that JVM.
   *
   * @throws Failure if the JVM does not exist, or this user may not look
   */
  static JvmFacts of(long pid) throws IOException {
    JavaProcess process = find(pid);
    Optional<PerfData> data = PerfData.of(pid);
    StartOptions options = ForeignOptions.atStart(data, new LinuxProcess(pid));
    String jdk =
        data.map(perf -> perf.text("java.property.java.version"))
            .filter(version -> !version.isEmpty()) // empty until other agents have started
            .orElseGet(process::jdk);
    HeapFacts heap = HeapFacts.of(data, options, JdkVersion.feature(jdk));
    String closed = reason(() -> ProcessPreconditions.require(pid));
    String unattachable =
        closed == null ? reason(() -> AttachPreconditions.requireAttach(pid)) : closed;
    ArmedState armed = ArmedState.orNull(pid);
    PlanWay otherwise = unattachable == null ? PlanWay.ATTACH : null;
    return new JvmFacts(
        process,
        jdk,
        armed != null && closed == null ? PlanWay.ARMED : otherwise,
        armed,
        unattachable,
        JdkVersion.feature(jdk) == 8 || !options.isOff("EnableDynamicAgentLoading"),
        options,
        heap,
        HeapRoom.of(data, heap, JdkVersion.feature(jdk)),
        data.isPresent(),
        Container.of(pid),
        processors(pid, options),
        new LinuxProcess(pid).size("VmLck").orElse(Reading.UNKNOWN),
        locks(pid),
        PageFacts.of(pid),
        pagesMissing(pid),
        held(pid));
  }

  private static long processors(long pid, StartOptions options) {
    long said = options.size("-XX:ActiveProcessorCount=");
    return said > 0 ? said : Processors.of(pid);
  }

  private static JavaProcess find(long pid) {
    return JavaProcess.find(pid)
        .orElseGet(
            () -> {
              ProcessPreconditions.require(pid); // throws with the cause
              throw new Failure("process " + pid + " is not a JVM; allocmem list shows the JVMs");
            });
  }

  /** Returns the sentence of the failure; null if the check succeeds. */
  private static String reason(Runnable check) {
    try {
      check.run();
      return null;
    } catch (Failure refused) {
      return refused.getMessage();
    }
  }

  private static String pagesMissing(long pid) {
    String system = System.getProperty("os.name");
    String machine = Machine.ofJvm(new LinuxProcess(pid));
    if (!system.equals("Linux") || !List.of("amd64", "aarch64").contains(machine)) {
      return "there is none for " + system + " " + machine;
    }
    return new LinuxProcess(pid).isNoexec(Path.of("/tmp"))
        ? "/tmp is mounted noexec: start the JVM with -javaagent, and put the library beside that jar"
        : null;
  }

  private static long locks(long pid) throws IOException {
    long bytes = 0;
    for (PlanControl plan : PlanControl.of(pid)) {
      try (plan) {
        Status status = plan.status();
        HoldPlan held = status == null || !plan.isAlive() ? null : Versions.planOf(status);
        boolean locks = held != null && held.pages() == PageKind.LOCKED;
        bytes += locks ? status.get(Reading.TOUCHED) : 0;
      }
    }
    return bytes;
  }

  private static Map<String, String> held(long pid) throws IOException {
    Map<String, String> held = new LinkedHashMap<>();
    for (PlanControl plan : PlanControl.of(pid)) {
      try (plan) {
        Status status = plan.status();
        if (status != null && plan.isAlive() && !status.phase.isOver()) {
          held.put(plan.name(), status.phase + " " + Sizes.of(status.get(Reading.COMMITTED)));
        }
      }
    }
    return held;
  }

  /** Returns the GC overhead limit of the JVM. */
  OverheadLimit overheadLimit() {
    long given = options.size("-XX:GCHeapFreeLimit=");
    long percent = given < 0 ? OverheadLimit.FREE_PERCENT : given;
    long enforced = options.isOff("UseGCOverheadLimit") ? 0 : percent;
    return switch (heap.collector()) {
      case "G1" -> OverheadLimit.ofG1(jdk, enforced, heap.regionSize());
      case "Parallel" ->
          OverheadLimit.ofParallel(
              enforced, Math.max(heap.max(), options.size("-Xmx", "-XX:MaxHeapSize=")));
      default -> OverheadLimit.NONE;
    };
  }

  /** Returns the maximum direct memory: by default as much as the heap. */
  long directCapacity() {
    long said = options.size("-XX:MaxDirectMemorySize=");
    return said > 0 ? said : heap.max();
  }

  /** Returns the maximum metaspace; unknown if only the container sets the limit. */
  long metaspaceCapacity() {
    return options.size("-XX:MaxMetaspaceSize=");
  }
}
