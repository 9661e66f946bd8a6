package io.allocmem.readings;

import io.allocmem.options.OptionFiles;
import io.allocmem.options.StartOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Options at the start of this JVM, for a runtime without a bean of flags ({@code jlink} without
 * jdk.management). Allocates.
 */
final class OwnOptions implements OptionFiles {
  private static final int MOST_BYTES = 1 << 20;

  private static StartOptions atStart;

  private OwnOptions() {}

  /** Returns the options, read once. */
  static synchronized StartOptions atStart() {
    atStart = atStart == null ? new OwnOptions().read() : atStart;
    return atStart;
  }

  private StartOptions read() {
    try {
      List<String> options = new ArrayList<>();
      // flags of a file come without their prefix
      for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        options.add(option.startsWith("-") ? option : "-XX:" + option);
      }
      return StartOptions.listed(options, Collections.<String>emptyList());
    } catch (NoClassDefFoundError withoutManagement) {
      return composed();
    }
  }

  private StartOptions composed() {
    List<String> line = commandLine();
    boolean launched = line.isEmpty() || program().equals("java");
    int jdk = System.getProperty("java.specification.version").equals("1.8") ? 8 : 9;
    return launched
        ? StartOptions.of(line, System.getenv(), jdk, this)
        : StartOptions.ofHost(line, System.getenv(), this);
  }

  private static List<String> commandLine() {
    try {
      byte[] line = Files.readAllBytes(Paths.get("/proc/self/cmdline"));
      return Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException noLinux) {
      return Collections.emptyList();
    }
  }

  private static String program() {
    try {
      Path program = Files.readSymbolicLink(Paths.get("/proc/self/exe")).getFileName();
      return program.toString().replace(" (deleted)", "");
    } catch (IOException noLinux) {
      return "java";
    }
  }

  @Override
  public byte[] read(String path) throws IOException {
    Path file = Paths.get(path);
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      throw new FileSystemException(path, null, "is no file of options");
    }
    return Files.readAllBytes(file);
  }
}
