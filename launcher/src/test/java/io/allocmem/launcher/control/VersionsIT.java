package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.ClassCounts;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jars;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.jar.JarInputStream;
import java.util.zip.CRC32;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two versions of allocmem in one JVM: one after the other, or a launcher beside an agent of
 * another version.
 */
class VersionsIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String OTHER = "99.0.1";
  private static final Path PROTOCOL_1 =
      Path.of("../agent/src/test/resources/io/allocmem/control/protocol-1.control");

  @TempDir static Path directory;
  private static Path otherLauncher;
  private static String ours;

  /** Copies the built launcher and its agent with another version. */
  @BeforeAll
  static void makeAnotherVersion() throws IOException {
    try (JarInputStream jar = new JarInputStream(Files.newInputStream(Cli.JAR))) {
      ours = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
    otherLauncher = directory.resolve("allocmem.jar");
    Jars.copyWithVersion(Cli.JAR, otherLauncher, OTHER);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void afterTheReleaseAnotherVersionComesWithoutARestart(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk)) {
      Object pid = target.pid();
      assertThat(Cli.run("attach", pid, "-x", "10").code()).isZero();
      Plans.await(target, Phase.HOLDING);
      assertThat(agentOf(target)).isEqualTo(ours);
      Plans.release(target);

      Cli attached = other("attach", pid, "-x", "10");
      assertThat(attached.code()).as(attached.out()).isZero();
      assertThat(attached.out()).doesNotContain("is inside");
      Plans.await(target, Phase.HOLDING);
      assertThat(agentOf(target)).isEqualTo(OTHER);
      long unloaded = unloadedBefore(jdk, target);
      System.out.printf("%s: %d classes of the first version unloaded%n", jdk, unloaded);
    }
  }

  /**
   * Waits until one session and one class loader remain, both of the second version. Returns the
   * number of unloaded classes.
   */
  private static long unloadedBefore(Jdk jdk, Target target) throws IOException {
    Awaitility.await()
        .untilAsserted(
            () -> {
              target.ask("gc");
              String histogram = Tool.run(jdk, "jcmd", target.pid(), "GC.class_histogram");
              assertThat(instances(histogram, "io.allocmem.Session")).isEqualTo(1);
              assertThat(instances(histogram, "io.allocmem.SessionLoader")).isEqualTo(1);
            });
    long unloaded = ClassCounts.of(jdk, target).unloaded();
    assertThat(unloaded).as("the agent's classes").isGreaterThan(50);
    return unloaded;
  }

  private static long instances(String histogram, String type) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 4 && words[3].equals(type))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  @Test
  void whileAVersionHoldsAnotherIsRefusedAndBothAreNamed() throws IOException {
    try (Target target = Target.start(NEWEST)) {
      Object pid = target.pid();
      assertThat(Cli.run("attach", pid, "-x", "10").code()).isZero();
      Cli second = other("attach", pid, "-x", "5", "-n", "second");
      assertThat(second.code()).as(second.out()).isEqualTo(1);
      assertThat(second.out())
          .contains(
              "agent %s is inside JVM %s already, this launcher brings agent %s; release"
                  .formatted(ours, pid, OTHER));
      assertThat(other("status", pid).out()).contains("agent " + ours, "default");
      assertThat(other("release", pid).out()).contains("plan default");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLauncherReadsAndCommandsAPlanOfAnOlderProtocolAndSaysWhatItCannotShow() throws Exception {
    byte[] older = Files.readAllBytes(PROTOCOL_1);
    String caveat =
        "the agent inside is version 0.1.0 and speaks control protocol 1, this launcher (%s) %d: "
            .formatted(ours, ControlLayout.PROTOCOL);
    assertMeets(older, "HOLDING", caveat + "the start time of the process is not checked");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLauncherReadsAndCommandsAPlanOfANewerProtocolAndSaysSo() throws Exception {
    ByteBuffer newer = ByteBuffer.wrap(Files.readAllBytes(PROTOCOL_1));
    newer.putInt(8, ControlLayout.PROTOCOL + 1).putLong(2040, -1);
    newer.put(0x3a, (byte) 'q'); // turns the option into an unknown option, q=1m
    newer.putInt(2564, 1000); // sets an unknown phase
    CRC32 sum = new CRC32();
    sum.update(newer.array(), 2560, 4080 - 2560);
    newer.putLong(4080, sum.getValue());
    assertMeets(newer.array(), "OTHER", "newer readings are not shown");
  }

  /** Plays the plan's side of the control file, with the lock of a living plan. */
  private static void assertMeets(byte[] file, String phase, String caveat) throws Exception {
    try (Target target = Target.start(NEWEST)) {
      Path path = ControlDirectory.own().resolve(target.pid() + ".default");
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(path, file);
      try (FileChannel plan =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        plan.lock(ControlLayout.LOCK, 1, false);
        assertThat(Cli.run("status", target.pid()).out())
            .contains("agent 0.1.0", "default", phase, "2 MiB", "written by protocol 1")
            .contains(caveat);
        Map<String, Object> json = Cli.run("status", target.pid(), "--json").json();
        assertThat(json)
            .containsEntry("agentVersion", "0.1.0")
            .containsEntry("rss", json.get("rss"));
        Cli paused = Cli.run("pause", target.pid());
        assertThat(paused.out()).contains(caveat, "has not answered");
        ByteBuffer command = ByteBuffer.allocate(8);
        plan.read(command, ControlLayout.COMMAND);
        assertThat(command.getInt(0)).as("the command has come").isEqualTo(1);
      }
    }
  }

  private static String agentOf(Target target) {
    return (String) Cli.run("status", target.pid(), "--json").json().get("agentVersion");
  }

  private static Cli other(Object... arguments) {
    return Cli.runBy(List.of(), NEWEST, otherLauncher, arguments);
  }
}
