package io.allocmem.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.SimpleType;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan in JMX, read by a client that knows names and open types only, as jconsole does. */
class JmxIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aPlanIsReadPausedResumedAndReleasedAndNothingIsLeft(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      attach(target, "-n", "quiet"); // before the JVM has an MBean server
      try (JMXConnector connector = connect(target)) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        assertThat(plans(server)).isEmpty();
        attach(target, "-f", "50%", "-e", "10");
        Status held = Plans.await(target, Phase.HOLDING);
        ObjectName plan = new ObjectName("io.allocmem:type=Plan,name=default");
        assertThat(plans(server)).containsExactly(plan);
        assertSays(server, plan, target, held);

        tell(server, plan, "pause");
        assertThat(server.getAttribute(plan, "Phase")).isEqualTo("PAUSED");
        assertThat(Plans.status(target).phase).isEqualTo(Phase.PAUSED);
        tell(server, plan, "resume");
        assertThat(server.getAttribute(plan, "Phase")).isEqualTo("HOLDING");
        tell(server, plan, "release");
        Awaitility.await().until(() -> plans(server).isEmpty());
        assertThat(target.err())
            .contains("paused by JMX: 4 blocks", "resumed by JMX", "released 20 MiB by JMX");
        assertThat(Plans.status(target, "quiet").phase).isEqualTo(Phase.HOLDING);
      }
      Plans.release(target);
      assertUnloaded(jdk, target);
    }
  }

  /** Checks each attribute and each operation by the open type alone. */
  private static void assertSays(
      MBeanServerConnection server, ObjectName plan, Target target, Status held) throws Exception {
    assertIsAsAsked(server, plan, target, held);
    MBeanInfo info = server.getMBeanInfo(plan);
    assertThat(info.getAttributes()).hasSize(16 + Reading.values().length);
    for (MBeanAttributeInfo attribute : info.getAttributes()) {
      assertThat(attribute.getDescriptor().getFieldValue("openType"))
          .as(attribute.getName())
          .isIn(SimpleType.LONG, SimpleType.STRING, SimpleType.DOUBLE);
      assertThat(attribute.isWritable()).isFalse();
      assertThat(server.getAttribute(plan, attribute.getName()))
          .as(attribute.getName())
          .isNotNull();
    }
    assertThat(info.getAttributes())
        .filteredOn(attribute -> attribute.getName().matches("GcOfProcess1s|StallP99"))
        .extracting(MBeanAttributeInfo::getDescription)
        .allMatch(words -> words.matches(".*, in (thousandths|microseconds)"))
        .hasSize(2);
    assertThat((long) server.getAttribute(plan, "CpuMillis")).isPositive();
    assertThat(server.getAttribute(plan, "StallMax")).as("without stalls=on").isEqualTo(-1L);
    assertThat(server.getAttribute(plan, "Stopped")).isEqualTo(0L);
    assertThat(info.getOperations()).extracting("name").containsOnly("pause", "resume", "release");
    assertThat(server.getAttribute(plan, "Phase")).isEqualTo("HOLDING");
    assertThat(server.getAttribute(plan, "Blocks")).isEqualTo(4L);
    assertThat(server.getAttribute(plan, "Committed")).isEqualTo(20L << 20);
    assertThat(server.getAttribute(plan, "Touched")).isEqualTo(10L << 20);
    assertThat(server.getAttribute(plan, "Resident")).isEqualTo(held.get(Reading.RESIDENT));
    assertThat(server.getAttribute(plan, "RssBefore")).isEqualTo(held.get(Reading.RSS_BEFORE));
    assertThat(server.getAttribute(plan, "HeapMax")).isEqualTo(held.get(Reading.HEAP_MAX));
    assertThat((long) server.getAttribute(plan, "HeartbeatMillis"))
        .isBetween(held.heartbeatMillis, System.currentTimeMillis());
  }

  private static void assertIsAsAsked(
      MBeanServerConnection server, ObjectName plan, Target target, Status held) throws Exception {
    assertThat(server.getAttribute(plan, "Pid")).isEqualTo(target.pid());
    assertThat(server.getAttribute(plan, "Area")).isEqualTo("native");
    assertThat(server.getAttribute(plan, "BlockSize")).isEqualTo(5L << 20);
    assertThat(server.getAttribute(plan, "Limit")).isEqualTo(20L << 20);
    assertThat(server.getAttribute(plan, "Until")).isEqualTo("");
    assertThat(server.getAttribute(plan, "Then")).isEqualTo("hold");
    assertThat(server.getAttribute(plan, "Fill")).isEqualTo(0.5);
    assertThat(server.getAttribute(plan, "DelayMillis")).isEqualTo(10L);
    assertThat(server.getAttribute(plan, "Jdk")).isEqualTo(held.jdk);
    assertThat(server.getAttribute(plan, "MainClass")).isEqualTo("TargetApplication");
    assertThat(server.getAttribute(plan, "Arguments")).isEqualTo(held.arguments);
    assertThat(server.getAttribute(plan, "AgentVersion")).isEqualTo(held.agentVersion);
  }

  private static void assertUnloaded(Jdk jdk, Target target) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              target.ask("gc");
              assertThat(Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram"))
                  .contains("java.lang.String")
                  .doesNotContain("io.allocmem");
            });
  }

  @Test
  void onMakesTheServerAndOffStaysAway() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "x=3,n=on,jmx=on")) {
      Plans.await(target, "on", Phase.HOLDING);
      attach(target, "-n", "off", "--jmx", "off");
      attach(target, "-n", "auto");
      try (JMXConnector connector = connect(target)) {
        assertThat(plans(connector.getMBeanServerConnection()))
            .extracting(plan -> plan.getKeyProperty("name"))
            .containsExactlyInAnyOrder("on", "auto");
      }
    }
  }

  @Test
  void aPlanThatGoesByUsageHasNoLimit() throws Exception {
    try (Target target = Target.startWithAgent(NEWEST, "until=60%,b,jmx=on");
        JMXConnector connector = connect(target)) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName plan = new ObjectName("io.allocmem:type=Plan,name=default");
      assertThat(server.getAttribute(plan, "Until")).isEqualTo("60%");
      assertThat(server.getAttribute(plan, "Limit")).isEqualTo(-1L);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void noPortIsOpened(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk)) {
      attach(target, "--jmx", "on");
      Plans.await(target, Phase.HOLDING);
      assertThat(listening(target)).isEmpty();
      try (JMXConnector opensOne = connect(target)) {
        assertThat(plans(opensOne.getMBeanServerConnection())).hasSize(1);
        assertThat(listening(target)).isNotEmpty();
      }
    }
  }

  /** Returns the TCP sockets of the process in state LISTEN, by the kernel. */
  private static Set<String> listening(Target target) throws IOException {
    Path process = Path.of("/proc/" + target.pid());
    Set<String> listening = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(process.resolve(table))) {
        String[] words = line.trim().split("\\s+");
        if (words[3].equals("0A")) { // state LISTEN
          listening.add("socket:[" + words[9] + "]");
        }
      }
    }
    Set<String> own = new HashSet<>();
    for (File descriptor : process.resolve("fd").toFile().listFiles()) {
      try {
        own.add(Files.readSymbolicLink(descriptor.toPath()).toString());
      } catch (IOException closed) {
        continue; // closed meanwhile
      }
    }
    listening.retainAll(own);
    return listening;
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void theBeanOfAFullHeapGoesWithItsPlan(Jdk jdk) throws Exception {
    try (Target target = Target.start(jdk, "-Xmx96m");
        JMXConnector connector = connect(target)) {
      Plans.attach(target, "x=0,m=64k,oom=allow");
      Plans.await(target, Phase.EXHAUSTED);
      Plans.release(target);
      assertThat(plans(connector.getMBeanServerConnection())).isEmpty();
    }
  }

  private static void attach(Target target, Object... options) {
    Object[] all = new Object[options.length + 8];
    System.arraycopy(
        new Object[] {"attach", target.pid(), "-a", "native", "-m", "5", "-x", "20"}, 0, all, 0, 8);
    System.arraycopy(options, 0, all, 8, options.length);
    Cli attached = Cli.run(all);
    assertThat(attached.code()).as(attached.out()).isZero();
  }

  /** Starts the JVM's local management agent, as jconsole does. */
  static JMXConnector connect(Target target) throws Exception {
    VirtualMachine jvm = VirtualMachine.attach(Long.toString(target.pid()));
    try {
      return JMXConnectorFactory.connect(new JMXServiceURL(jvm.startLocalManagementAgent()));
    } finally {
      jvm.detach();
    }
  }

  private static Set<ObjectName> plans(MBeanServerConnection server) throws Exception {
    return server.queryNames(new ObjectName("io.allocmem:*"), null);
  }

  private static void tell(MBeanServerConnection server, ObjectName plan, String operation)
      throws Exception {
    assertThat(server.invoke(plan, operation, new Object[0], new String[0])).isNull();
  }
}
