package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Phase;
import io.allocmem.status.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ways in which memory, or what is counted, ends a JVM: with each kind of guard no target is lost,
 * and the application still gets more of it. On the newest JDK in each build, and each way with one
 * of the guards; all of them on JDK 8, 17 and 25 with {@code -Plong -Dit.test=GuardMatrixIT}.
 */
class GuardMatrixIT {
  private static final boolean ALL = Boolean.getBoolean("allocmem.test.long");
  private static final Jdk NEWEST = Jdks.all().get(Jdks.all().size() - 1);
  private static final List<Jdk> JDKS =
      Jdks.all().stream().filter(jdk -> Set.of(8, 17, 25).contains(jdk.version())).toList();
  private static final long MIB = 1L << 20;
  private static final String FATAL = "-XX:+ExitOnOutOfMemoryError";
  private static final Set<Phase> FULL = Set.of(Phase.HOLDING, Phase.GUARDED, Phase.EXHAUSTED);

  /** One way: what the plan takes, by which two guards it is held, and what happens then. */
  enum Way {
    /** Parent and child have the same limit: the neighbour in the parent makes the difference. */
    PARENT_LIMIT("a=native,m=1", "keep-free=10%", "until=85%", "grow 10 heap", "-Xmx64m"),

    /** The neighbour comes when the plan holds already. */
    NEIGHBOUR_GROWS("a=native,m=1", "keep-free=20%", "until=70%", "grow 10 heap", "-Xmx64m"),

    LIMIT_LOWERED("a=native,m=1", "keep-free=20%", "until=75%", "grow 20 heap", "-Xmx64m"),

    /** A mount whose name is no UTF-8 must not hide the container's limit. */
    ODD_MOUNT("a=native,m=1", "keep-free=20%", "until=75%", "grow 20 heap", "-Xmx64m"),

    MAPPED_FILES("a=mapped,m=1", "keep-free=20%", "until=75%", "grow 20 heap", "-Xmx64m"),

    CLASS_SPACE(
        "a=metaspace,m=1",
        "keep-free=10%",
        "until=80%",
        "grow 20 classes",
        FATAL,
        "-Xmx256m",
        "-XX:CompressedClassSpaceSize=2m",
        "-XX:MaxMetaspaceSize=600m"),

    METASPACE(
        "a=metaspace,m=1",
        "keep-free=10%",
        "until=80%",
        "grow 20 classes",
        FATAL,
        "-Xmx128m",
        "-XX:MaxMetaspaceSize=64m"),

    /** Classes need some heap: an application that fills it must not meet the plan there. */
    FULL_HEAP(
        "a=metaspace,m=64k",
        "keep-free=1%",
        "until=90%",
        "gc",
        FATAL,
        "-Xmx48m",
        "-XX:MaxMetaspaceSize=400m"),

    HEAP_GROWS("m=1", "keep-free=10%", "until=80%", "live", FATAL, "-Xmx192m"),

    DIRECT(
        "a=direct,m=1",
        "keep-free=20%",
        "until=75%",
        "grow 4 direct",
        FATAL,
        "-Xmx64m",
        "-XX:MaxDirectMemorySize=64m"),

    THREADS_OF_THE_CONTAINER(
        "a=stack,m=1", "keep-free=1%", "until=90%", "grow 5 threads", "-Xmx64m"),

    THREADS_OF_THE_USER("a=stack,m=1", "keep-free=1%", "until=90%", "grow 5 threads", "-Xmx64m"),

    ADDRESS_SPACE("a=native,m=1,f=0", "keep-free=1%", "until=90%", "grow 20 threads", "-Xmx64m"),

    DATA_SEGMENT("a=native,m=1,f=0", "keep-free=1%", "until=90%", "grow 20 threads", "-Xmx64m"),

    MAPPINGS("a=mapped,m=4k", "keep-free=1%", "until=90%", "grow 20 threads", "-Xmx256m");

    private final String plan;
    private final String keepFree;
    private final String until;
    private final String growth;
    private final String[] flags;

    Way(String plan, String keepFree, String until, String growth, String... flags) {
      this.plan = plan;
      this.keepFree = "x=0," + keepFree;
      this.until = until;
      this.growth = growth;
      this.flags = flags;
    }

    /** What the application does all the time. */
    private String before() {
      return this == FULL_HEAP ? "swing 50 80 4" : this == HEAP_GROWS ? "swing 15 45 4" : null;
    }

    private boolean hasContainer() {
      return compareTo(MAPPED_FILES) <= 0;
    }

    /** Some minutes for one. */
    private boolean isLong() {
      return this == MAPPINGS;
    }
  }

  static Stream<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (Jdk jdk : ALL ? JDKS : List.of(NEWEST)) {
      for (Way way : Way.values()) {
        boolean first = (way.ordinal() + jdk.version()) % 2 == 0;
        boolean both = ALL && !way.isLong();
        if (ALL || !way.isLong()) {
          Stream.of(way.keepFree, way.until)
              .filter(guard -> both || guard.equals(first ? way.keepFree : way.until))
              .forEach(guard -> all.add(Arguments.of(way, guard, jdk)));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("matrix")
  void noTargetIsLost(Way way, String guard, Jdk jdk) throws Exception {
    long start = System.nanoTime();
    if (way.hasContainer()) {
      inContainer(way, guard, jdk);
    } else if (way == Way.THREADS_OF_THE_CONTAINER) {
      try (Cgroup cgroup = Cgroup.ofProcesses(120)) {
        survives(way, guard, start(cgroup.enter(), way, guard, jdk), () -> {});
      }
    } else {
      survives(way, guard, start(limited(way), way, guard, jdk), () -> {});
    }
    System.out.printf(
        "%s %s %s: %d ms%n", way, guard, jdk, (System.nanoTime() - start) / 1_000_000);
  }

  private static void inContainer(Way way, String guard, Jdk jdk) throws Exception {
    boolean neighbours = way == Way.PARENT_LIMIT || way == Way.NEIGHBOUR_GROWS;
    try (Cgroup pod = Cgroup.ofMemory((neighbours ? 300 : 400) * MIB);
        Cgroup own = pod.inside((neighbours ? 300 : 400) * MIB)) {
      Process neighbour = way == Way.PARENT_LIMIT ? pod.neighbour(40) : null;
      List<String> enter = new ArrayList<>(own.enter());
      if (way == Way.ODD_MOUNT) {
        enter.addAll(Inside.oddMount());
      }
      List<Process> later = new ArrayList<>();
      try {
        survives(
            way,
            guard,
            start(enter, way, guard, jdk),
            () -> {
              if (way == Way.NEIGHBOUR_GROWS) {
                later.add(pod.neighbour(40));
                pause(1500);
                later.add(pod.neighbour(40));
                pause(1500);
              } else if (way == Way.LIMIT_LOWERED) {
                for (int mib = 370; mib >= 280; mib -= 30) {
                  pod.limit(mib * MIB);
                  pause(1000);
                }
              }
            });
        assertThat(pod.killed() + own.killed()).isZero();
      } finally {
        later.forEach(GuardMatrixIT::end);
        end(neighbour);
      }
    }
  }

  private static void end(Process process) {
    try {
      if (process != null) {
        process.getOutputStream().close();
        process.waitFor(10, TimeUnit.SECONDS);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By what limits of its own a command becomes the JVM. */
  private static List<String> limited(Way way) {
    return switch (way) {
      case THREADS_OF_THE_USER ->
          List.of(
              "prlimit",
              "--nproc=120",
              "setpriv",
              "--reuid=54321",
              "--regid=54321",
              "--clear-groups");
      case ADDRESS_SPACE -> List.of("prlimit", "--as=" + (6L << 30));
      case DATA_SEGMENT -> List.of("prlimit", "--data=" + (2L << 30));
      default -> List.of();
    };
  }

  private static Target start(List<String> by, Way way, String guard, Jdk jdk) {
    List<String> flags = new ArrayList<>(List.of(way.flags));
    flags.add("-javaagent:" + Target.AGENT + "=" + way.plan + ",b,oom=refuse," + guard);
    if (way.plan.startsWith("a=stack")) {
      Inside.assume(by, jdk);
    }
    return Target.startBy(by, jdk, flags.toArray(new String[0]));
  }

  /** Something that others do meanwhile. */
  private interface Meanwhile {
    void run() throws IOException;
  }

  private static void survives(Way way, String guard, Target started, Meanwhile meanwhile)
      throws Exception {
    try (Target target = started) {
      if (way.before() != null) {
        assertThat(target.ask(way.before())).isEqualTo("swings");
      }
      Plans.send(target, "default", io.allocmem.status.Command.RESUME);
      Awaitility.await()
          .atMost(Duration.ofSeconds(way.isLong() ? 120 : 40))
          .until(() -> !target.process().isAlive() || isFull(target));
      meanwhile.run();
      assertThat(target.process().isAlive()).as(target.err()).isTrue();
      assertThat(target.ask(way.growth)).as(target.err()).isNotNull().doesNotStartWith("Exception");
      pause(1000);
      assertThat(target.process().isAlive()).as(target.err()).isTrue();
      Status status = Plans.status(target);
      System.out.printf(
          "%s %s: %s, %d MiB, %s%n",
          way, guard, status.phase, status.committed >> 20, status.message);
      assertThat(status.committed).as("something was held").isPositive();
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static boolean isFull(Target target) {
    Status status = Plans.status(target);
    return status != null && FULL.contains(status.phase);
  }

  private static void pause(int millis) {
    Awaitility.await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
  }
}
