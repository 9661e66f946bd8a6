package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cgroup;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** JAVA_TOOL_OPTIONS reaches each JVM of a container; only the service takes the plan. */
class EnvironmentIT {
  /** Invalid amount: an agent that takes the plan prints a refusal and ends the JVM. */
  private static final String NO_PLAN = "x=lots";

  private static final String TAKEN = "[allocmem] refused: invalid option x=lots";
  private static final String PASSED_OVER = "[allocmem] no plan in this JVM: ";

  @TempDir Path directory;

  private static String variable(String arguments) {
    return "JAVA_TOOL_OPTIONS=-javaagent:" + Target.AGENT + "=" + arguments;
  }

  private static Process start(List<String> by, Object... command) throws IOException {
    List<String> words = new ArrayList<>(by);
    Stream.of(command).map(Object::toString).forEach(words::add);
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  /** Returns the output of a command up to this text or to the end, and kills the command. */
  private static String said(String end, List<String> by, Object... command) throws IOException {
    Process process = start(by, command);
    StringBuilder said = new StringBuilder();
    try (BufferedReader out = process.inputReader()) {
      String line;
      while (said.indexOf(end) < 0 && (line = out.readLine()) != null) {
        said.append(line).append('\n');
      }
    } finally {
      process.destroyForcibly();
    }
    return said.toString();
  }

  private static List<String> with(String arguments) {
    return List.of("env", variable(arguments));
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void oneServiceOfAContainerTakesThePlanAndNothingBesideIt(Jdk jdk) throws Exception {
    try (Cgroup group = Cgroup.ofMemory(600L << 20)) {
      List<String> inside = new ArrayList<>(group.enter());
      inside.addAll(with("m=10,x=400,a=native"));
      try (Target service = Target.startBy(inside, jdk)) {
        Plans.await(service, Phase.HOLDING);
        String bin = jdk.home().resolve("bin") + "/";
        String launcher = Jdks.launchers().reduce((a, b) -> b).orElseThrow().java();
        List<Object> allocmem = List.of(launcher, "-jar", Cli.JAR);
        assertWorks(inside, List.of(jdk.java(), "-version"), "version");
        assertWorks(inside, List.of(bin + "jcmd", "-l"), "TargetApplication");
        assertWorks(inside, List.of(bin + "jcmd", service.pid(), "VM.uptime"), " s");
        assertWorks(inside, List.of(bin + "javac", "-version"), "javac");
        assertWorks(inside, added(allocmem, "list"), "default: HOLDING 400 MiB");
        assertWorks(inside, added(allocmem, "status", service.pid()), "HOLDING");
        assertThat(said("HOLDING", inside, added(allocmem, "watch", service.pid()).toArray()))
            .contains("HOLDING", PASSED_OVER + Cli.JAR + " is allocmem itself");
        assertThat(group.killed()).isZero();
        assertThat(service.ask("hello")).isEqualTo("echo hello");
        Plans.release(service);
      }
    }
  }

  private static List<Object> added(List<Object> command, Object... words) {
    return Stream.concat(command.stream(), Stream.of(words)).toList();
  }

  private static void assertWorks(List<String> inside, List<Object> command, String part)
      throws Exception {
    Process process = start(inside, command.toArray());
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    assertThat(said).contains(part).doesNotContain("[allocmem] plan", "refused");
  }

  /** Scripts parse this output by line or by word. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void javaWithoutAMainClassSaysWhatItAlwaysSays(Jdk jdk) throws IOException {
    for (String option : List.of("-version", "-help", "-fullversion", "-XshowSettings:locale")) {
      String line = "Picked up " + variable(NO_PLAN).replace("=-javaagent", ": -javaagent") + "\n";
      assertThat(said("\0", with(NO_PLAN), jdk.java(), option).replace(line, ""))
          .isEqualTo(said("\0", List.of(), jdk.java(), option));
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void eachToolOfTheJdkIsPassedOver(Jdk jdk) throws IOException {
    boolean all = Boolean.getBoolean("allocmem.test.long");
    List<String> few = List.of("jcmd", "jps", "jar", "keytool", "jshell", "jrunscript", "jlink");
    int seen = 0;
    try (Stream<Path> tools = Files.list(jdk.home().resolve("bin"))) {
      for (Path tool : tools.filter(file -> all || few.contains(name(file))).toList()) {
        String said = said("[allocmem]", with(NO_PLAN), "env", "-C", directory, tool, "-help");
        assertThat(said).as("%s", tool).doesNotContain("refused");
        if (said.contains("Picked up") && !name(tool).equals("java")) {
          assertThat(said).as("%s", tool).contains(PASSED_OVER).contains(" is a tool of the JDK");
          seen++;
        }
      }
    }
    assertThat(seen).isGreaterThanOrEqualTo(4);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "'',                      true",
    "TargetApplication,       true",
    "getApp,                  true",
    "targetapplication,       false",
    "TargetApplication start, true",
    "Application st,          true",
    "TargetApplication stop,  false",
    "start,                   false",
    "Other,                   false",
  })
  void aPartOfTheMainClassMayGoOnIntoTheArguments(String part, boolean taken) throws IOException {
    String option = part.isEmpty() ? NO_PLAN : "\"main=" + part + "\"," + NO_PLAN;
    for (Jdk jdk : Jdks.oldestAndNewest().toList()) {
      Object[] service = {jdk.java(), "-cp", Target.CLASSES, "TargetApplication", "start", "now"};
      assertTaken(taken, "main=" + part + " does not fit TargetApplication", option, service);
    }
  }

  private static void assertTaken(boolean taken, String why, String arguments, Object... command)
      throws IOException {
    String said = said("\0", with(arguments), command);
    if (taken) {
      assertThat(said).contains(TAKEN).doesNotContain(PASSED_OVER);
    } else {
      assertThat(said.lines().filter(line -> line.startsWith("[allocmem]")).toList())
          .containsExactly(PASSED_OVER + why);
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJarIsNamedByItsWholePath(Jdk jdk) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("sun.d/a folder"));
    Path jar = folder.resolve("sun service.jar");
    String tool = Jdks.all().get(Jdks.all().size() - 1).home().resolve("bin/jar").toString();
    said("\0", List.of(tool), "cfe", jar, "TargetApplication", "-C", Target.CLASSES, ".");
    Object[] service = {"env", "-C", folder, jdk.java(), "-jar", "sun service.jar", "x"};
    assertTaken(true, "", NO_PLAN, service);
    assertTaken(true, "", "main=service.jar," + NO_PLAN, service);
    assertTaken(true, "", NO_PLAN + ",\"main=sun service.jar x\"", service);
    String why = "main=Target does not fit sun service.jar";
    assertTaken(false, why, "main=Target," + NO_PLAN, service);
  }

  /** The name of the jar differs; the launcher's classes identify the launcher. */
  @Test
  void theLauncherIsPassedOverUnderAnotherName() throws IOException {
    Path jar =
        Files.createLink(
            directory.resolve("renamed.jar"), Files.copy(Cli.JAR, directory.resolve("x.jar")));
    for (Jdk jdk : Jdks.launchers().toList()) {
      String byJar = said("\0", with(NO_PLAN), jdk.java(), "-jar", jar, "--version");
      assertThat(byJar).contains(PASSED_OVER + jar + " is allocmem itself", "\nallocmem ");
      String main = "io.allocmem.launcher.Launcher";
      String byClass = said("\0", with(NO_PLAN), jdk.java(), "-cp", jar, main, "--version");
      assertThat(byClass).contains(PASSED_OVER + main + " is allocmem itself", "\nallocmem ");
    }
  }

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#someWithModules")
  void sourceFilesAndModulesAreApplications(Jdk jdk) throws IOException {
    Path source = directory.resolve("Service.java");
    Files.writeString(source, "class Service { public static void main(String[] a) {} }");
    assertTaken(true, "", NO_PLAN, jdk.java(), source);
    assertTaken(true, "", "main=Service," + NO_PLAN, jdk.java(), source);
    String why = "main=javac does not fit " + source;
    assertTaken(false, why, "main=javac," + NO_PLAN, jdk.java(), source);
    Path module =
        Files.writeString(
            directory.resolve("module-info.java"), "module shop { requires jdk.unsupported; }");
    Path main = Files.createDirectories(directory.resolve("p")).resolve("Main.java");
    Files.writeString(
        main, "package p; public class Main { public static void main(String[] a) {} }");
    said("\0", List.of(), jdk.home().resolve("bin/javac"), "-d", directory, module, main);
    Object[] service = {jdk.java(), "-p", directory, "-m", "shop/p.Main"};
    assertTaken(true, "", NO_PLAN, service);
    assertTaken(true, "", "main=shop/p," + NO_PLAN, service);
    assertTaken(false, "main=x does not fit shop/p.Main", "main=x," + NO_PLAN, service);
  }

  /** A JVM made by jsvc lacks both properties. */
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmWithoutAMainClassFitsNoPart(Jdk jdk) throws IOException {
    String host = "_JAVA_OPTIONS=-Dsun.java.command= -Dsun.java.launcher=";
    Object[] service = {"env", host, jdk.java(), "-cp", Target.CLASSES, "TargetApplication"};
    assertTaken(true, "", NO_PLAN, service);
    String why = "main=App fits no JVM without a main class (sun.java.command)";
    assertTaken(false, why, "main=App," + NO_PLAN, service);
  }

  @Test
  void theLeakAloneTakesItsOwnOptionsOnly() throws Exception {
    assumeTrue(Files.exists(Cli.JAR));
    for (String variable : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")) {
      String option = variable + variable(NO_PLAN).replace("JAVA_TOOL_OPTIONS", "");
      Jdk jdk = Jdks.launchers().findFirst().orElseThrow();
      Object[] run = {
        jdk.java(), "-jar", Cli.JAR, "run", "-x", "3", "-a", "native", "--then", "release"
      };
      Process process = start(List.of("env", option), run);
      String said = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said).contains("limit reached: 3 blocks").doesNotContain("refused");
      assertThat(said).containsOnlyOnce("Picked up " + variable);
    }
  }
}
