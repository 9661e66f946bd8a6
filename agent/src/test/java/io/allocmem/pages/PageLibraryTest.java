package io.allocmem.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Page libraries of the repository, and libraries built from the same source by the compilers of
 * this machine. The tests run without a JVM by {@code src/test/c}, and need the programs of {@code
 * .ci/setup tests}.
 */
class PageLibraryTest {
  private static final Path KEPT = Path.of("src/main/resources/io/allocmem/pages");

  @TempDir private static Path built;

  @BeforeAll
  static void buildFromSource() throws IOException, InterruptedException {
    run("src/main/c/build.sh", built.toString());
    for (String check : List.of("pages", "watch")) {
      compileCheck(check, "glibc", "gcc");
      compileCheck(check, "musl", "musl-gcc");
      compileCheck(check, "aarch64", "aarch64-linux-gnu-gcc");
    }
  }

  private static void compileCheck(String check, String name, String compiler)
      throws IOException, InterruptedException {
    String headers = System.getProperty("java.home") + "/include";
    String program = built.resolve(check + "-" + name).toString();
    run(
        compiler,
        "-std=c11",
        "-I" + headers,
        "-I" + headers + "/linux",
        "-o",
        program,
        "src/test/c/check_" + check + ".c",
        "-ldl");
  }

  static Stream<Arguments> runs() {
    return Stream.of(KEPT, built)
        .flatMap(
            from ->
                Stream.of("glibc", "musl", "aarch64")
                    .map(check -> Arguments.of(from.equals(KEPT) ? "kept" : "built", check)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void countsAndGivesBackExactlyThePagesThatItIsAskedFor(String which, String check)
      throws IOException, InterruptedException {
    String report = report(which, "pages", check, check.equals("aarch64") ? "emulated" : null);
    assertThat(report.lines().filter(line -> line.startsWith("ok")))
        .hasSize(check.equals("aarch64") ? 61 : 81);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void waitsForWritesToAFile(String which, String check, @TempDir Path directory)
      throws IOException, InterruptedException {
    String report = report(which, "watch", check, directory.resolve("watched").toString());
    assertThat(report.lines().filter(line -> line.startsWith("ok"))).hasSize(12);
  }

  /**
   * Runs a program on a library.
   *
   * @param last last argument of the program; null for none
   */
  private static String report(String which, String program, String check, String last)
      throws IOException, InterruptedException {
    Path directory = (which.equals("kept") ? KEPT : built).toAbsolutePath();
    boolean emulated = check.equals("aarch64");
    List<String> command = new ArrayList<>();
    if (emulated) {
      command.addAll(List.of("qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"));
    }
    command.add(built.resolve(program + "-" + check).toString());
    String machine = emulated ? "aarch64" : "amd64";
    command.add(directory.resolve("allocmem-pages-" + machine + ".so").toString());
    if (last != null) {
      command.add(last);
    }
    return run(command.toArray(new String[0]));
  }

  static Stream<Path> libraries() {
    return Stream.of(KEPT, built)
        .flatMap(
            from ->
                Stream.of("amd64", "aarch64")
                    .map(machine -> from.resolve("allocmem-pages-" + machine + ".so")));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void exportsItsFunctionsAndNeedsNothing(Path library) throws IOException, InterruptedException {
    List<String> symbols =
        run("readelf", "--wide", "--dyn-syms", library.toString())
            .lines()
            .filter(line -> line.contains("GLOBAL") || line.contains("WEAK"))
            .map(line -> line.replaceFirst(".* GLOBAL +DEFAULT +\\d+ ", ""))
            .sorted()
            .toList();
    assertThat(symbols)
        .containsExactly(
            "Java_io_allocmem_pages_FileLocks_lock",
            "Java_io_allocmem_pages_FileWatch_await",
            "Java_io_allocmem_pages_FileWatch_close",
            "Java_io_allocmem_pages_FileWatch_open",
            "Java_io_allocmem_pages_JniPages_addressOf",
            "Java_io_allocmem_pages_JniPages_adviseHuge",
            "Java_io_allocmem_pages_JniPages_giveBack",
            "Java_io_allocmem_pages_JniPages_lock",
            "Java_io_allocmem_pages_JniPages_resident",
            "Java_io_allocmem_pages_JniPages_sizeOfPage",
            "Java_io_allocmem_pages_JniPages_stackPointer",
            "Java_io_allocmem_pages_JniPages_trim",
            "Java_io_allocmem_pages_JniPages_write");
    String dynamic = run("readelf", "--wide", "--dynamic", "--relocs", library.toString());
    assertThat(dynamic)
        .contains("There are no relocations in this file")
        .doesNotContain("NEEDED", "RPATH", "INIT");
    String segments = run("readelf", "--wide", "--segments", library.toString());
    assertThat(segments.lines().filter(line -> line.contains("GNU_STACK")))
        .hasSize(1)
        .noneMatch(line -> line.contains("RWE"));
  }

  @Test
  void isUnpackedLoadedAndGoneWhereNoneIsBesideTheJar(@TempDir Path empty) throws IOException {
    Path directory = Files.createDirectory(empty.resolve("private"));
    assertThat(PageLibrary.find(empty.resolve("agent.jar"), directory).unavailable()).isNull();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void saysWhyItCannotBeUnpacked(@TempDir Path empty) {
    Path missing = empty.resolve("missing");
    assertThat(PageLibrary.find(empty.resolve("agent.jar"), missing).unavailable())
        .startsWith("the page library cannot be unpacked: ");
  }

  @Test
  void whatIsBrokenOrSomebodyElsesBesideTheJarIsPassedOver(@TempDir Path folder)
      throws IOException {
    Path jar = Files.createFile(folder.resolve("agent.jar"));
    Path library = folder.resolve("allocmem-pages-" + System.getProperty("os.arch") + ".so");
    Files.writeString(library, "no library");
    assertThat(PageLibrary.find(jar, folder).unavailable()).isNull();
    Files.delete(library);
    Files.createSymbolicLink(library, folder.resolve("planted"));
    assertThat(PageLibrary.find(jar, folder).unavailable()).isNull();
  }

  /** Returns the output. The test fails if the program is missing, or if the exit code is not 0. */
  private static String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process;
    try {
      process = builder.start();
    } catch (IOException missing) {
      throw new AssertionError(command[0] + " is missing; .ci/setup tests installs it", missing);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
