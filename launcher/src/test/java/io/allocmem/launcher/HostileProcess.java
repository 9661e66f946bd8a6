package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A process of nobody's that looks like a JVM; see {@code hostile.c}. */
final class HostileProcess implements AutoCloseable {
  private static Path program;

  private final String kind;
  private final Process process;

  HostileProcess(Path libjvm, String kind, String... arguments) {
    this(Inside.NOBODY, libjvm, kind, arguments);
  }

  HostileProcess(List<String> by, Path libjvm, String kind, String... arguments) {
    this.kind = kind;
    // it is to be in the way of a look, not of this machine
    List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.addAll(by);
    command.addAll(List.of(program.toString(), libjvm.toString(), kind));
    command.addAll(List.of(arguments));
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = process.inputReader().readLine();
      assertThat(said).as(kind).isEqualTo("ready");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the tests where there is no C compiler, as on a machine that has not run .ci/setup. */
  static void compile(Jdk jdk) throws Exception {
    Path directory = Files.createTempDirectory("hostile-");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    directory.toFile().deleteOnExit();
    program = Gcc.build(jdk, "hostile.c", directory.resolve("hostile"), "-pthread");
    program.toFile().deleteOnExit();
  }

  /** As it is seen from here: the last of its descendants is the one in a container. */
  long pid() {
    return process.descendants().map(ProcessHandle::pid).reduce((a, b) -> b).orElse(process.pid());
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return kind;
  }
}
