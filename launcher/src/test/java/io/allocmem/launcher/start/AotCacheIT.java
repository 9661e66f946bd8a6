package io.allocmem.launcher.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An AOT cache (JEP 483, JEP 514) of a JVM that starts with the agent. */
class AotCacheIT {
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final String UNLINKED = "-XX:-AOTClassLinking";

  @TempDir private Path directory;

  @BeforeAll
  static void assumeCache() {
    assumeThat(NEWEST.version()).as("first JDK with -XX:AOTCacheOutput").isGreaterThanOrEqualTo(25);
  }

  @Test
  void aCacheOfLinkedClassesIsOfNoUseWithTheAgent() {
    String cache = makeCache("linked.aot");
    assertThat(java("-XX:AOTMode=on", "-XX:AOTCache=" + cache).code()).isZero();
    Cli withAgent = java("-XX:AOTMode=on", "-XX:AOTCache=" + cache, agent());
    assertThat(withAgent.code()).isNotZero();
    assertThat(withAgent.out()).contains("Unable to use AOT cache");
    assertThat(java("-XX:AOTCache=" + cache, agent()).code()).as("goes without").isZero();
  }

  @Test
  void aCacheWithoutLinkedClassesStaysValid() {
    String cache = makeCache("unlinked.aot", UNLINKED);
    Cli withAgent = java("-XX:AOTMode=on", UNLINKED, "-XX:AOTCache=" + cache, agent());
    assertThat(withAgent.code()).as(withAgent.out()).isZero();
  }

  @Test
  void checkTellsItOfACacheBesideAnAgent() {
    String cache = "-XX:AOTCache=" + directory.resolve("none.aot");
    String sentence = "ignores an AOT cache with linked classes, since it has Java agents";
    try (Target without = Target.start(NEWEST, cache);
        Target with = Target.start(NEWEST, cache, agent())) {
      assertThat(InProcess.run("check", without.pid()).out()).doesNotContain("AOT cache");
      assertThat(InProcess.run("check", with.pid()).out()).contains(sentence, UNLINKED);
    }
  }

  private String makeCache(String name, String... options) {
    String cache = directory.resolve(name).toString();
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-XX:AOTCacheOutput=" + cache);
    assertThat(java(all.toArray(new String[0])).code()).isZero();
    return cache;
  }

  private static String agent() {
    return "-javaagent:" + Target.AGENT + "=x=1";
  }

  /** Runs the launcher: an application in a jar, as a cache needs it. */
  private static Cli java(String... options) {
    List<String> command = new ArrayList<>(List.of(NEWEST.java()));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", Cli.JAR.toString(), "--version"));
    return Cli.of(command, "");
  }
}
