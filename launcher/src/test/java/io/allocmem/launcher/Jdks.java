package io.allocmem.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The JDKs that the tests fork. One setting names their homes, separated like a path: the property
 * {@code allocmem.test.jdks} or the variable {@code ALLOCMEM_TEST_JDKS}; each must work then.
 * Without it: the JDK that runs the tests and what is installed.
 */
final class Jdks {
  /** One JDK. */
  record Jdk(int version, Path home) {
    String java() {
      return home.resolve("bin/java").toString();
    }

    @Override
    public String toString() {
      return "JDK " + version;
    }
  }

  private static final List<Integer> MATRIX = List.of(8, 11, 17, 21, 25);
  private static final Pattern VERSION = Pattern.compile("version \"(?:1\\.)?(\\d+)");
  private static final List<Jdk> FOUND = find();

  private Jdks() {}

  /** All JDKs that can be targets. */
  static List<Jdk> all() {
    return FOUND;
  }

  /** What differs most, for tests whose long form takes all. */
  static Stream<Jdk> oldestAndNewest() {
    return Stream.of(FOUND.get(0), FOUND.get(FOUND.size() - 1)).distinct();
  }

  /** Targets with a module system. */
  static Stream<Jdk> withModules() {
    return FOUND.stream().filter(jdk -> jdk.version >= 9);
  }

  /** JDKs that the launcher runs on. */
  static Stream<Jdk> launchers() {
    return FOUND.stream().filter(jdk -> jdk.version >= 17);
  }

  /**
   * The oldest and the newest, for what need not be tried on all in each build; all with {@code
   * -Plong}.
   */
  static Stream<Jdk> some() {
    return Boolean.getBoolean("allocmem.test.long") ? FOUND.stream() : oldestAndNewest();
  }

  /** The same of those with a module system. */
  static Stream<Jdk> someWithModules() {
    return some().filter(jdk -> jdk.version >= 9);
  }

  /** Each launcher with the newest target, and the newest launcher with each; all pairs if long. */
  static Stream<Arguments> launchersAndTargets() {
    Jdk newest = FOUND.get(FOUND.size() - 1);
    return launchers()
        .flatMap(from -> FOUND.stream().map(to -> List.of(from, to)))
        .filter(pair -> Boolean.getBoolean("allocmem.test.long") || pair.contains(newest))
        .map(pair -> Arguments.of(pair.get(0), pair.get(1)));
  }

  private static List<Jdk> find() {
    String named = System.getProperty("allocmem.test.jdks", "");
    named = named.isEmpty() ? System.getenv().getOrDefault("ALLOCMEM_TEST_JDKS", "") : named;
    Map<Integer, Jdk> found = new TreeMap<>();
    if (named.isEmpty()) {
      for (Path home : installed()) {
        Jdk jdk = look(home);
        if (jdk != null) {
          found.put(jdk.version, jdk);
        }
      }
    } else {
      for (String home : named.split(File.pathSeparator)) {
        Jdk jdk = look(Path.of(home));
        if (jdk == null) {
          throw new IllegalStateException("no JDK in " + home + ", named by the test setting");
        }
        found.put(jdk.version, jdk);
      }
    }
    List<Integer> missing = new ArrayList<>(MATRIX);
    missing.removeAll(found.keySet());
    System.out.printf("JDKs under test: %s; not seen: %s%n", found.keySet(), missing);
    return List.copyOf(found.values());
  }

  private static List<Path> installed() {
    List<Path> homes = new ArrayList<>();
    File[] packaged = new File("/usr/lib/jvm").listFiles();
    for (File home : packaged == null ? new File[0] : packaged) {
      homes.add(home.toPath());
    }
    homes.add(Path.of(System.getProperty("java.home")));
    return homes;
  }

  private static Jdk look(Path home) {
    Path java = home.resolve("bin/java");
    if (!Files.isExecutable(java)) {
      return null;
    }
    try {
      Process process =
          new ProcessBuilder(java.toString(), "-version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(said);
      return version.find() ? new Jdk(Integer.parseInt(version.group(1)), home) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
