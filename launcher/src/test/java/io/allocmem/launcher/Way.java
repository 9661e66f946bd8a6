package io.allocmem.launcher;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A way in which memory, or what is counted, ends a JVM or the application in it: what a plan
 * takes, by which two guards it is held, and what the application takes then; and how the same JVM
 * is lost without a guard.
 */
enum Way {
  /** Parent and child have the same limit: the neighbour in the parent makes the difference. */
  PARENT_LIMIT(
      "a=native,m=1", "keep-free=10%", "until=85%", "grow 10 heap", Loss.BY_PLAN, "-Xmx64m"),

  /** The neighbour comes when the plan holds already. */
  NEIGHBOUR_GROWS(
      "a=native,m=1", "keep-free=20%", "until=70%", "grow 10 heap", Loss.BY_PLAN, "-Xmx64m"),

  LIMIT_LOWERED(
      "a=native,m=1", "keep-free=20%", "until=75%", "grow 20 heap", Loss.BY_PLAN, "-Xmx64m"),

  /** A mount whose name is no UTF-8 must not hide the container's limit. */
  ODD_MOUNT("a=native,m=1", "keep-free=20%", "until=75%", "grow 20 heap", Loss.BY_PLAN, "-Xmx64m"),

  MAPPED_FILES(
      "a=mapped,m=1", "keep-free=20%", "until=75%", "grow 20 heap", Loss.BY_PLAN, "-Xmx64m"),

  CLASS_SPACE(
      "a=metaspace,m=1",
      "keep-free=10%",
      "until=80%",
      "grow 20 classes",
      Loss.BY_PLAN,
      Loss.FATAL,
      "-Xmx256m",
      "-XX:CompressedClassSpaceSize=2m",
      "-XX:MaxMetaspaceSize=600m"),

  METASPACE(
      "a=metaspace,m=1",
      "keep-free=10%",
      "until=80%",
      "grow 20 classes",
      Loss.BY_PLAN,
      Loss.FATAL,
      "-Xmx128m",
      "-XX:MaxMetaspaceSize=64m"),

  /** Classes need some heap: an application that fills it must not meet the plan there. */
  FULL_HEAP(
      "a=metaspace,m=64k",
      "keep-free=1%",
      "until=90%",
      "gc",
      "grow 100 heap",
      Loss.FATAL,
      "-Xmx48m",
      "-XX:MaxMetaspaceSize=400m"),

  HEAP_GROWS("m=1", "keep-free=10%", "until=80%", "live", Loss.BY_PLAN, Loss.FATAL, "-Xmx192m"),

  DIRECT(
      "a=direct,m=1",
      "keep-free=20%",
      "until=75%",
      "grow 4 direct",
      "grow 100 direct",
      Loss.FATAL,
      "-Xmx64m",
      "-XX:MaxDirectMemorySize=64m"),

  THREADS_OF_THE_CONTAINER(
      "a=stack,m=1", "keep-free=1%", "until=90%", "grow 5 threads", "grow 200 threads", "-Xmx64m"),

  THREADS_OF_THE_USER(
      "a=stack,m=1", "keep-free=1%", "until=90%", "grow 5 threads", "grow 200 threads", "-Xmx64m"),

  ADDRESS_SPACE(
      "a=native,m=1,f=0",
      "keep-free=1%",
      "until=90%",
      "grow 20 threads",
      "grow 7000 views",
      "-Xmx64m"),

  DATA_SEGMENT(
      "a=native,m=1,f=0",
      "keep-free=1%",
      "until=90%",
      "grow 20 threads",
      "grow 7000 views",
      "-Xmx64m"),

  /** The application has most of them: a plan alone would take minutes. */
  MAPPINGS(
      "a=mapped,m=4k",
      "keep-free=1%",
      "until=90%",
      "grow 20 threads",
      "grow 70000 mappings",
      "-Xmx256m");

  /** How a JVM is lost. */
  private static final class Loss {
    /** By the plan, without a guard. */
    static final String BY_PLAN = "";

    /** By the first OutOfMemoryError. */
    static final String FATAL = "-XX:+ExitOnOutOfMemoryError";
  }

  private static final long MIB = 1L << 20;

  private final String plan;
  private final String keepFree;
  private final String until;
  private final String growth;
  private final String loss;
  private final List<String> flags;

  Way(String plan, String keepFree, String until, String growth, String loss, String... flags) {
    this.plan = plan;
    this.keepFree = "x=0," + keepFree;
    this.until = until;
    this.growth = growth;
    this.loss = loss;
    this.flags = List.of(flags);
  }

  List<String> guards() {
    return List.of(keepFree, until);
  }

  List<String> flags() {
    return flags;
  }

  /** The agent's arguments, without a guard. */
  String plan() {
    return plan;
  }

  /** What the application takes beside the plan. */
  String growth() {
    return growth;
  }

  /** What the application does before the plan, or all the time; null for nothing. */
  String before() {
    return switch (this) {
      case FULL_HEAP -> "swing 50 80 4";
      case HEAP_GROWS -> "swing 15 45 4";
      case MAPPINGS -> "grow 50000 mappings";
      default -> null;
    };
  }

  /** Whether the plan alone takes all, without a guard. */
  boolean isLostByPlan() {
    return loss.equals(Loss.BY_PLAN);
  }

  /** What the application takes until it is lost, where the plan does not do it. */
  String loss() {
    return loss;
  }

  boolean hasContainer() {
    return compareTo(MAPPED_FILES) <= 0;
  }

  /** The container's limit, which is its parent's as well. */
  long container() {
    return (this == PARENT_LIMIT || this == NEIGHBOUR_GROWS ? 300 : 400) * MIB;
  }

  /** By what limits of its own a command becomes the JVM. */
  List<String> limited() {
    return switch (this) {
      case THREADS_OF_THE_USER -> ofAnotherUser();
      case ADDRESS_SPACE -> List.of("prlimit", "--as=" + (6L << 30));
      case DATA_SEGMENT -> List.of("prlimit", "--data=" + (2L << 30));
      default -> List.of();
    };
  }

  /** Each time another one: all processes of a user share the limit. */
  private static List<String> ofAnotherUser() {
    int user = ThreadLocalRandom.current().nextInt(100_000, 1_000_000_000);
    return List.of(
        "prlimit",
        "--nproc=120",
        "setpriv",
        "--reuid=" + user,
        "--regid=" + user,
        "--clear-groups");
  }
}
