package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OtherAgent;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plan outside the heap uses no method handle and no lambda. The plan is compared with an agent
 * that only exports a package, lists a jar and closes a file: JDK 9 and newer use method handles
 * there themselves. The JVM has java.base and java.instrument only, so classes of management beans
 * and of the flight recorder do not count.
 */
class MethodHandlesIT {
  private static final String METHOD_HANDLES = "java.lang.invoke.";
  private static final String PLAN = "=m=1,x=1,a=native,f=0";

  /** Fewer loaded classes would be a log that the test cannot read. */
  private static final int FEWEST = 300;

  /** Classes of the reflective call that permits native access: in no archive of JDK 26 and 27. */
  private static final int OF_NATIVE_ACCESS = 4;

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void aPlanOutsideTheHeapLoadsNoClassForMethodHandles(Jdk jdk) throws IOException {
    Path reference = jdk.version() < 9 ? OtherAgent.jar("EmptyAgent") : exportingAgent();
    try {
      String argument = jdk.version() < 9 ? "" : "=" + reference;
      List<String> expected = methodHandles(jdk, reference + argument, false);
      List<String> more = methodHandles(jdk, Target.AGENT + PLAN, true);
      expected.forEach(more::remove); // one of each name: hidden classes share names
      assertThat(more)
          .as("more than the %d of the reference", expected.size())
          .hasSizeLessThanOrEqualTo(jdk.version() < 26 ? 0 : OF_NATIVE_ACCESS);
    } finally {
      Files.delete(reference);
    }
  }

  private Path exportingAgent() throws IOException {
    Path source = Path.of("src/test/resources/ExportingAgent.java");
    Jdk compiler = Jdks.launchers().findFirst().orElseThrow();
    Tool.run(compiler, "javac", "-Xlint:-options", "--release", "9", "-d", directory, source);
    return OtherAgent.jar("ExportingAgent", directory);
  }

  /** Returns the names of the classes that a JVM with an agent has loaded for method handles. */
  private List<String> methodHandles(Jdk jdk, String agent, boolean plan) throws IOException {
    Path log = Files.createTempFile(directory, "classes-", ".log");
    List<String> options = new ArrayList<>(logTo(log, jdk));
    options.add("-javaagent:" + agent);
    try (Target target = Target.start(jdk, options.toArray(new String[0]))) {
      if (plan) {
        Plans.await(target, Phase.HOLDING);
      }
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
    try (Stream<String> lines = Files.lines(log)) {
      List<String> names = lines.map(MethodHandlesIT::nameIn).toList();
      assertThat(names)
          .hasSizeGreaterThan(FEWEST)
          .contains("java.lang.Object", "TargetApplication");
      return new ArrayList<>(names.stream().filter(n -> n.startsWith(METHOD_HANDLES)).toList());
    }
  }

  private static List<String> logTo(Path log, Jdk jdk) {
    return jdk.version() < 9
        ? List.of(
            "-verbose:class",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+LogVMOutput",
            "-XX:-DisplayVMOutput",
            "-XX:LogFile=" + log)
        : List.of("-Xlog:class+load:file=" + log, "--limit-modules", "java.base,java.instrument");
  }

  /** Returns the name of the class in a line of the log, without the address of a hidden class. */
  private static String nameIn(String line) {
    return line.replaceFirst("^\\[Loaded |^(\\[[^\\]]*\\])+ *", "").replaceFirst("[ /].*", "");
  }
}
