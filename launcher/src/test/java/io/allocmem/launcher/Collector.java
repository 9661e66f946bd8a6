package io.allocmem.launcher;

import io.allocmem.launcher.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The collectors of HotSpot, and the flags that choose them. */
enum Collector {
  SERIAL("Serial", "-XX:+UseSerialGC"),
  PARALLEL("Parallel", "-XX:+UseParallelGC"),
  CMS("CMS", "-XX:+UseConcMarkSweepGC"),
  G1("G1", "-XX:+UseG1GC"),
  ZGC("ZGC", "-XX:+UnlockExperimentalVMOptions", "-XX:+UseZGC"),
  GENERATIONAL_ZGC("ZGC, generational", "-XX:+UseZGC", "-XX:+ZGenerational"),
  SHENANDOAH("Shenandoah", "-XX:+UnlockExperimentalVMOptions", "-XX:+UseShenandoahGC");

  private static final Map<Jdk, List<Collector>> HAS = new ConcurrentHashMap<>();

  private final String human;
  private final List<String> flags;

  Collector(String human, String... flags) {
    this.human = human;
    this.flags = List.of(flags);
  }

  /** Those that this JDK starts with: asked of it, once. */
  static List<Collector> of(Jdk jdk) {
    return HAS.computeIfAbsent(
        jdk, asked -> Arrays.stream(values()).filter(one -> one.isIn(asked)).toList());
  }

  private boolean isIn(Jdk jdk) {
    if (this == GENERATIONAL_ZGC && jdk.version() != 21) {
      return false; // before 21 there is none, and after 23 no other: the flag is gone
    }
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    command.addAll(flags);
    command.add("-version");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether what is used counts in whole pages of 2 MiB. */
  boolean hasPages() {
    return this == ZGC || this == GENERATIONAL_ZGC;
  }

  List<String> flags() {
    return flags;
  }

  @Override
  public String toString() {
    return human;
  }
}
