package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.allocmem.control.Phase;
import io.allocmem.control.PlanCommand;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of a plan in the JDK's flight recorder. */
class JfrIT {
  private static final String HISTOGRAM = "GC.class_histogram";

  @TempDir private Path directory;

  static Stream<Jdk> jdks(TestInfo test) {
    return Jdks.some(test).filter(jdk -> jdk.version() >= 11);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdks")
  void aRecordingHasEachBlockAndEachPhaseAndLetsTheAgentGo(Jdk jdk) throws IOException {
    try (Target target = start(jdk)) {
      jfr(jdk, target, "JFR.start", "name=leak");
      Plans.attach(target, "a=native,m=2,x=40,f=50%,e=100,stalls=on");
      Status held = Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      List<RecordedEvent> events = dump(jdk, target);

      List<RecordedEvent> blocks = named(events, "io.allocmem.Block");
      assertThat(blocks).hasSize(20).extracting(e -> e.getLong("number")).isSorted();
      assertThat(sum(blocks, "size")).isEqualTo(held.get(Reading.COMMITTED)).isEqualTo(40L << 20);
      assertThat(sum(blocks, "touched")).isEqualTo(held.get(Reading.TOUCHED)).isEqualTo(20L << 20);
      assertThat(sum(blocks, "resident")).isEqualTo(held.get(Reading.RESIDENT));
      assertIsLabelled(blocks.get(0), "Block", "Size");
      assertThat(blocks)
          .allMatch(e -> e.getString("plan").equals("default"))
          .allMatch(e -> e.getString("area").equals("native"))
          .allMatch(e -> e.getThread().getJavaName().equals("allocmem-default"))
          .allMatch(e -> e.getDuration().compareTo(Duration.ZERO) > 0)
          .allMatch(e -> e.getDuration().compareTo(Duration.ofSeconds(1)) < 0);

      assertHasPhasesAndResidency(events);
      assertHasCosts(events);
      jfr(jdk, target, "JFR.stop", "name=leak");
      assertUnloaded(jdk, target);
    }
  }

  private static void assertHasPhasesAndResidency(List<RecordedEvent> events) {
    List<RecordedEvent> phases = named(events, "io.allocmem.Phase");
    assertThat(phases)
        .extracting(e -> e.getString("phase"))
        .containsExactly("ALLOCATING", "HOLDING", "RELEASED");
    assertThat(phases).extracting(e -> e.getLong("committed")).containsExactly(0L, 40L << 20, 0L);
    List<RecordedEvent> residencies = named(events, "io.allocmem.Residency");
    assertIsLabelled(phases.get(0), "Phase", "Committed");
    assertThat(residencies)
        .isNotEmpty()
        .allSatisfy(event -> assertIsLabelled(event, "Residency", "Process RSS"))
        .allMatch(e -> e.getLong("resident") >= e.getLong("touched"))
        .allMatch(e -> e.getLong("rss") > 0);
  }

  /** The recorder's thread writes these events: the plan's thread has nothing to do. */
  private static void assertHasCosts(List<RecordedEvent> events) {
    List<RecordedEvent> effects = named(events, "io.allocmem.Effect");
    assertThat(effects)
        .isNotEmpty()
        .allSatisfy(event -> assertIsLabelled(event, "Effect", "Swap"))
        .allMatch(e -> e.getString("plan").equals("default"))
        .allMatch(e -> !e.hasField("control"))
        .allMatch(e -> !(e.getFloat("gcOfProcess") > 1 || e.getFloat("pressure") > 1))
        .noneMatch(e -> e.getThread().getJavaName().equals("allocmem-default"))
        .anyMatch(e -> e.getFloat("gcOfProcess") >= 0 && e.getFloat("pause") >= 0);
    List<RecordedEvent> stalls = named(events, "io.allocmem.Stalls");
    assertThat(stalls)
        .isNotEmpty()
        .allMatch(e -> !e.getDuration("p50").isNegative())
        .allMatch(e -> e.getDuration("p50").compareTo(e.getDuration("p99")) <= 0)
        .allMatch(e -> e.getDuration("p99").compareTo(e.getDuration("p999")) <= 0)
        .allMatch(e -> e.getDuration("p999").compareTo(e.getDuration("max")) <= 0);
  }

  /** Asserts the labels in a tool: a name for each field, and the unit bytes for amounts. */
  private static void assertIsLabelled(RecordedEvent event, String label, String amount) {
    EventType type = event.getEventType();
    assertThat(type.getLabel()).isEqualTo(label);
    assertThat(type.getDescription()).isNotBlank();
    assertThat(type.getCategoryNames()).containsExactly("allocmem");
    assertThat(type.getFields()).allMatch(field -> field.getLabel() != null);
    assertThat(type.getFields())
        .filteredOn(field -> field.getLabel().equals(amount))
        .singleElement()
        .extracting(field -> field.getAnnotation(DataAmount.class).value())
        .isEqualTo(DataAmount.BYTES);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdks")
  void aRecordingChoosesThePeriodOfResidency(Jdk jdk) throws IOException {
    Path settings = directory.resolve("often.jfc");
    String event =
        "<event name='io.allocmem.Residency'><setting name='period'>%s</setting></event>";
    try (Target target = start(jdk)) {
      for (String period : List.of("50 ms", "100 s")) {
        Files.writeString(
            settings,
            "<configuration version='2.0'>" + event.formatted(period) + "</configuration>");
        jfr(jdk, target, "JFR.start", "name=leak", "settings=" + settings);
        Plans.attach(target, "a=native,x=1,d=2s");
        Plans.awaitNoControlFile(target);
        List<RecordedEvent> events = dump(jdk, target);
        assertThat(named(events, "io.allocmem.Stalls")).as("without stalls=on").isEmpty();
        assertThat(named(events, "io.allocmem.Phase"))
            .extracting(e -> e.getString("reason"))
            .endsWith("the duration is over");
        int looks = named(events, "io.allocmem.Residency").size();
        assertThat(looks)
            .isBetween(period.equals("50 ms") ? 10 : 0, period.equals("50 ms") ? 41 : 1);
        jfr(jdk, target, "JFR.stop", "name=leak");
      }
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("jdks")
  void aRecordingThatComesLaterHasTheBlocksFromThenOn(Jdk jdk) throws IOException {
    try (Target target = start(jdk)) {
      Plans.attach(target, "a=native,m=2,x=80,e=50,b");
      assertThat(Tool.run(jdk, "jcmd", target.pid(), HISTOGRAM))
          .as("without a recording nothing is registered")
          .contains("io.allocmem.export.BlockEvent")
          .doesNotContain("jdk.jfr.EventType");
      Plans.send(target, "default", PlanCommand.RESUME);
      Awaitility.await().until(() -> Plans.status(target).get(Reading.BLOCKS) >= 3);
      Plans.send(target, "default", PlanCommand.PAUSE);
      long before = Plans.await(target, Phase.PAUSED).get(Reading.BLOCKS);
      jfr(jdk, target, "JFR.start", "name=leak");
      Plans.fill(target, "default");

      List<RecordedEvent> blocks = named(dump(jdk, target), "io.allocmem.Block");
      assertThat(before).isLessThan(40);
      assertThat(blocks)
          .extracting(e -> e.getLong("number"))
          .containsExactlyElementsOf(LongStream.rangeClosed(before + 1, 40).boxed().toList());
    }
  }

  /** Measures the cost of further blocks; the first events create the thread's buffers. */
  @ParameterizedTest
  @MethodSource("jdks")
  void anEventAllocatesNothingInThePlansThread(Jdk jdk) throws Exception {
    try (Target target = start(jdk);
        JMXConnector connector = JmxIT.connect(target)) {
      ThreadMXBean threads =
          ManagementFactory.newPlatformMXBeanProxy(
              connector.getMBeanServerConnection(),
              ManagementFactory.THREAD_MXBEAN_NAME,
              ThreadMXBean.class);
      long without = allocated(target, threads, 3000) - allocated(target, threads, 1000);
      jfr(jdk, target, "JFR.start", "name=leak");
      long few = allocated(target, threads, 1000);
      long with = allocated(target, threads, 3000) - few;
      assertThat(named(dump(jdk, target), "io.allocmem.Block")).hasSize(4000);
      System.out.printf(
          "%s: 2000 blocks allocate %d bytes in the plan's thread, recorded %d%n",
          jdk, without, with);
      assertThat(with).isLessThan(without + 2000); // less than one byte per block
    }
  }

  /** Returns the bytes allocated by the thread of a plan with this number of blocks. */
  private static long allocated(Target target, ThreadMXBean threads, int blocks)
      throws IOException {
    Plans.attach(target, "a=native,m=4k,x=" + 4 * blocks + "k");
    Plans.await(target, Phase.HOLDING);
    long bytes = -1;
    for (long id : threads.getAllThreadIds()) {
      if (threads.getThreadInfo(id).getThreadName().equals("allocmem-default")) {
        bytes = threads.getThreadAllocatedBytes(id);
      }
    }
    assertThat(bytes).isPositive();
    Plans.release(target);
    return bytes;
  }

  /** A killed JVM leaves its recordings behind: the test's directory holds the recordings. */
  private Target start(Jdk jdk) {
    return Target.start(jdk, "-XX:FlightRecorderOptions=repository=" + directory);
  }

  private List<RecordedEvent> dump(Jdk jdk, Target target) throws IOException {
    Path file = directory.resolve("leak.jfr");
    jfr(jdk, target, "JFR.dump", "name=leak", "filename=" + file);
    return RecordingFile.readAllEvents(file);
  }

  private static void jfr(Jdk jdk, Target target, String command, Object... arguments)
      throws IOException {
    Object[] all = Stream.concat(Stream.of(target.pid(), command), Stream.of(arguments)).toArray();
    assertThat(Tool.run(jdk, "jcmd", all)).doesNotContain("Exception", "Could not", "rror");
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }

  private static long sum(List<RecordedEvent> events, String field) {
    return events.stream().mapToLong(event -> event.getLong(field)).sum();
  }

  private static void assertUnloaded(Jdk jdk, Target target) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              target.ask("gc");
              assertThat(Tool.run(jdk, "jcmd", target.pid(), HISTOGRAM))
                  .contains("java.lang.String")
                  .doesNotContain("io.allocmem");
            });
  }
}
