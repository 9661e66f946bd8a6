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

  private static OwnOptions instance;

  private final List<String> options = new ArrayList<>();
  private final List<String> unread;

  private OwnOptions() {
    List<String> missing = Collections.emptyList();
    try {
      // flags of a file come without their prefix
      for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        options.add(option.startsWith("-") ? option : "-XX:" + option);
      }
    } catch (NoClassDefFoundError withoutManagement) {
      StartOptions composed = composed();
      options.addAll(composed.options());
      missing = composed.unread();
    }
    unread = missing;
  }

  /** Returns all options; of options with the same name, the last counts. */
  static List<String> all() {
    return once().options;
  }

  /** Returns the sources of options that cannot be read. */
  static List<String> unread() {
    return once().unread;
  }

  private static synchronized OwnOptions once() {
    instance = instance == null ? new OwnOptions() : instance;
    return instance;
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
