package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM tells its collector and sizes before the start. */
class JvmErgonomicsTest {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#oldestAndNewest")
  void aJvmTellsVersionCollectorAndSizes(Jdk jdk) {
    JvmErgonomics told =
        JvmErgonomics.of(Path.of(jdk.java()), List.of("-XX:+UseParallelGC", "-Xmx100m"));
    assertThat(told.jdk()).isEqualTo(jdk.version());
    assertThat(told.isKnown()).isTrue();
    assertThat(told.isOn("UseParallelGC")).isTrue();
    assertThat(told.isOn("UseG1GC")).isFalse();
    assertThat(told.number("MaxHeapSize")).isEqualTo(100 << 20);
    assertThat(told.number("NoSuchFlag")).isEqualTo(-1);
  }

  /** An agent would run twice, a log would be written twice, a debugger would be waited for. */
  @Test
  void onlyOptionsThatDecideReachTheJvmThatAnswers(@TempDir Path directory) throws IOException {
    Path java = directory.resolve("java");
    Files.writeString(
        java, "#!/bin/sh\necho \"uintx MaxHeapSize = 1 {product}\" >&2\necho \"$@\" >$0.words\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    List<String> given =
        List.of(
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y",
            "-javaagent:other.jar",
            "-Xlog:gc:file=gc.log",
            "-XX:StartFlightRecording=filename=x.jfr",
            "-XX:OnError=rm x",
            "-XX:+UseZGC",
            "-XX:MaxRAMPercentage=50.0",
            "-Xmx1g");
    assertThat(JvmErgonomics.of(java, given).number("MaxHeapSize")).isEqualTo(1);
    assertThat(directory.resolve("java.words"))
        .hasContent("-XX:+UseZGC -XX:MaxRAMPercentage=50.0 -Xmx1g -XX:+PrintFlagsFinal -version");
  }

  @Test
  void aMissingJvmTellsNothing(@TempDir Path directory) {
    JvmErgonomics told = JvmErgonomics.of(directory.resolve("java"), List.of());
    assertThat(told.isKnown()).isFalse();
    assertThat(told.jdk()).isZero();
  }
}
