package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.launcher.process.LinuxProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A real JVM with somebody else's application in it. It is there once it said "ready", answers
 * questions, and ends with the test: at the latest when this JVM's end closes its input.
 */
final class Target implements AutoCloseable {
  /** The built jar, never a directory of classes. */
  static final Path AGENT =
      Path.of("../agent/target/allocmem-agent.jar").toAbsolutePath().normalize();

  /** Where the application's classes are. */
  static final Path CLASSES = compile();

  private final Process process;
  private final BufferedReader out;
  private final PrintStream in;
  private final Path err;
  private long pid;

  private Target(Process process, Path err) {
    this.process = process;
    this.pid = process.pid();
    this.err = err;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts the application, and returns when it is ready. */
  static Target start(Jdk jdk, String... jvmOptions) {
    return startBy(List.of(), jdk, jvmOptions);
  }

  /** The same by a command that prepares something and becomes the JVM, with exec. */
  static Target startBy(List<String> command, Jdk jdk, String... jvmOptions) {
    Target target = launch(command, jdk, jvmOptions);
    String line = target.readLine();
    while (line != null && !line.equals("ready")) {
      line = target.readLine(); // the JVM's warnings about a flag that a test gave
    }
    assertThat(line).as(target.err()).isEqualTo("ready");
    target.pid = jvmOf(target.process.toHandle());
    return target;
  }

  /** Starts the application in a container of its own; the plan begins at once. */
  static Target startIn(Cgroup cgroup, Jdk jdk, String arguments, String... jvmOptions) {
    List<String> options = new ArrayList<>(List.of(jvmOptions));
    options.add("-javaagent:" + AGENT + "=" + arguments);
    return startBy(cgroup.enter(), jdk, options.toArray(new String[0]));
  }

  /** Starts the application with the agent; the plan begins at once. */
  static Target startWithAgent(Jdk jdk, String arguments, String... jvmOptions) {
    List<String> options = new ArrayList<>(List.of(jvmOptions));
    options.add("-javaagent:" + AGENT + "=" + arguments);
    return start(jdk, options.toArray(new String[0]));
  }

  /** Starts the application without waiting for anything. */
  static Target launch(Jdk jdk, String... jvmOptions) {
    return launch(List.of(), jdk, jvmOptions);
  }

  private static Target launch(List<String> by, Jdk jdk, String... jvmOptions) {
    List<String> command = new ArrayList<>(by);
    command.add(jdk.java());
    command.addAll(List.of(jvmOptions));
    try {
      Path err = Files.createTempFile("target-", ".err");
      return new Target(applicationBy(command).redirectError(err.toFile()).start(), err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The application, run by a command that ends with java and its options. */
  static ProcessBuilder applicationBy(List<String> java) {
    List<String> command = new ArrayList<>(java);
    // where it has a root directory of its own, they are in /classes there
    command.addAll(List.of("-cp", CLASSES + File.pathSeparator + "/classes", "TargetApplication"));
    return new ProcessBuilder(command);
  }

  private static Path compile() {
    try {
      Path classes = Files.createTempDirectory("target-classes-");
      Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rwxr-xr-x"));
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-Xlint:-options",
                  "--release",
                  "8",
                  "-d",
                  classes.toString(),
                  "src/test/resources/TargetApplication.java",
                  "src/test/resources/EmptyAgent.java",
                  "src/test/resources/LateAgent.java",
                  "src/test/resources/TwoPlans.java",
                  "src/test/resources/Growth.java",
                  "src/test/resources/Keep.java",
                  "src/test/resources/Load.java",
                  "src/test/resources/OwnLoader.java",
                  "src/test/resources/Swing.java",
                  "src/test/resources/Garbage.java",
                  "src/test/resources/HeldArrays.java");
      assertThat(code).isZero();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(classes)));
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    for (File file : directory.toFile().listFiles()) {
      file.delete();
    }
    directory.toFile().delete();
  }

  /** The command became the JVM, or is its parent when it makes a pid namespace. */
  private static long jvmOf(ProcessHandle command) {
    return Stream.concat(Stream.of(command), command.descendants())
        .map(ProcessHandle::pid)
        .filter(pid -> new LinuxProcess(pid).libjvm().isPresent())
        .findFirst()
        .orElseGet(command::pid);
  }

  long pid() {
    return pid;
  }

  Process process() {
    return process;
  }

  /** The application's own answer: it is still there, and unharmed. */
  String ask(String question) {
    in.println(question);
    return readLine();
  }

  /** What the application says next. */
  String readLine() {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its stderr so far. */
  String err() {
    try {
      return Files.readString(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RSS in bytes, by the kernel. */
  long rss() {
    return new LinuxProcess(pid()).rss().orElseThrow();
  }

  /** Whether a thread of it has a name that begins so, by the kernel. */
  boolean isAnyThread(String name) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).startsWith(name)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException ended) {
      return isAnyThread(name);
    }
  }

  /** Processor time of the plans' threads so far, by the kernel's scheduler. */
  long cpuNanosOfPlans() throws IOException {
    long nanos = cpuNanos("allocmem-");
    assertThat(nanos).as("a plan has a thread").isPositive();
    return nanos;
  }

  /** Processor time so far of its threads whose names begin so, by the kernel's scheduler. */
  long cpuNanos(String name) throws IOException {
    long nanos = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).startsWith(name)) {
          nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        }
      }
    }
    return nanos;
  }

  @Override
  public void close() {
    try {
      // a change of user takes back what would end the JVM with the command that started it
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      Files.deleteIfExists(err);
      removeLeftovers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A killed JVM leaves its control files, and its socket in the way of the next of that pid. */
  private void removeLeftovers() throws IOException {
    for (Path file : controlFiles()) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(Path.of("/tmp/.java_pid" + pid));
  }

  /** The control files of this target, now. */
  List<Path> controlFiles() throws IOException {
    String user = new LinuxProcess(ProcessHandle.current().pid()).user();
    Path directory = ControlDirectory.of(user);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith(pid() + ".")).toList();
    }
  }
}
