package io.allocmem.arguments;

import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PlanDraft;

/**
 * Table of options. Each row is an agent argument and a launcher option at once, and converts its
 * value into a plan and back. The short keys m, x, f, e, b and p are the reference tool's. A rarely
 * used option has a long name only.
 */
public enum PlanOption {
  BLOCK("m", "block", "SIZE", "1", "allocate in blocks of this size: 64m, 2GB = 2GiB, plain MiB"),
  LIMIT(
      "x",
      "limit",
      "AMOUNT",
      null,
      "stop allocating once this much is committed; 0: when memory runs out"),
  UNTIL(
      null,
      "until",
      "AMOUNT",
      null,
      "bring usage, or an effect, to this level and keep it there: 85%, gc:25%"),
  KEEP_FREE(
      null,
      "keep-free",
      "AMOUNT",
      "0",
      "always keep this much free, in the area and in the container"),
  RESERVE(
      null,
      "reserve",
      "AMOUNT",
      "0",
      "keep this much more free in the container, for a limit above it (a pod)"),
  FILL("f", "fill", "RATIO", "1", "touch this share of each block: 0.25 or 25%"),
  KEEP_RESIDENT("k", "keep-resident", "on/off", "on", "touch swapped-out pages again"),
  PAGES(
      null,
      "pages",
      "normal/huge/locked",
      "normal",
      "touch normal, huge or locked pages; huge: native, direct; locked: these and mapped"),
  DELAY("e", "delay", "TIME", "0", "allocate a block every TIME: 0.5s, 1m30s, plain ms"),
  RATE(null, "rate", "SIZE/TIME", null, "allocate at this rate: 10m/s; sets the delay"),
  OVER(null, "over", "TIME", null, "reach the limit in this time: 10m; sets the delay"),
  THREADS(
      "t",
      "threads",
      "N/cores",
      "1",
      "take blocks with N threads at once; cores: all processors of the JVM"),
  WAIT("w", "wait", "TIME", "0", "wait before the first block: 0.5s, 1m30s, 1h"),
  DURATION(
      "d", "duration", "TIME", "0", "release everything this long after the first block; 0: never"),
  LEASE(null, "lease", "TIME", "0", "release everything if not renewed within this time; 0: never"),
  THEN(null, "then", "ACTION", "hold", "act at the limit: hold, release, cycle, rotate, ramp-down"),
  HOLD(
      "hold",
      "hold-time",
      "TIME",
      null,
      "hold this long at the limit before release, cycle (30s), ramp-down"),
  BREAK("b", "break", null, "false", "wait for a resume before the first block"),
  OOM(
      null,
      "oom",
      "allow/refuse",
      "refuse",
      "risk an OutOfMemoryError that ends the JVM or writes a heap dump"),
  STOP_IF(
      null,
      "stop-if",
      "CONDITION",
      null,
      "release everything if pressure costs too much: gc>40%, stall.p99>500ms for 10s"),
  STALLS(
      null,
      "stalls",
      "on/off",
      "off",
      "measure stalls: a thread wakes each millisecond, and records its delay"),
  STATS_EVERY(
      "p", "stats-every", "N", "0", "log process statistics after every N blocks; 0: never"),
  AREA(
      "a",
      "area",
      "AREA",
      "heap",
      "allocate in heap, objects, native (offheap), direct, mapped, metaspace, stack"),
  NAME("n", "name", "NAME", "default", "name the plan; a JVM can hold several plans"),
  LOG_BLOCKS("l", "log-blocks", null, "false", "log a line for each block"),
  LOG(
      null,
      "log",
      "FILE/off",
      "stderr",
      "append the log to a file; the target JVM resolves the path"),
  JMX(
      null,
      "jmx",
      "on/off/auto",
      "auto",
      "publish an MXBean; auto: if a platform MBean server exists"),
  BY(null, "by", "WHO", null, "name the requester of the plan in the log"),
  PRESET(
      null,
      "preset",
      "NAME",
      null,
      "take options by a name: slow-leak, near-full, above-xmx, churn, saw-tooth"),
  WORDS(
      null,
      "words",
      "agent/launcher",
      "agent",
      "name options in messages as the agent or the launcher takes them"),
  MAIN(
      null, "main", "PART", null, "start only in a JVM whose main class or jar name contains PART");

  private final String key;
  private final String longName;
  private final String unit;
  private final String byDefault;
  private final String help;

  PlanOption(String key, String longName, String unit, String byDefault, String help) {
    this.key = key;
    this.longName = longName;
    this.unit = unit;
    this.byDefault = byDefault;
    this.help = help;
  }

  /**
   * Returns the short name; null for none. Agent key {@code m}; launcher option {@code -m} if a
   * single letter.
   */
  public String key() {
    return key;
  }

  /** Returns the shortest name, for arguments that a program writes. */
  public String shortest() {
    return key == null ? longName : key;
  }

  /** Returns the letter; the long name if the option has no letter. */
  public String letter() {
    return key == null || key.length() > 1 ? longName : key;
  }

  /** Returns the long name for the agent: {@code block}. */
  public String longName() {
    return longName;
  }

  /** Returns the long name of the launcher's option: {@code block} for {@code --block}. */
  public String launcherName() {
    return this == WAIT ? "start-after" : longName; // attach --wait waits for the plan
  }

  /** Returns the placeholder for the value in help; null for a flag, which needs no value. */
  public String unit() {
    return unit;
  }

  /**
   * Returns the value if the option is not given; null if the default depends on further options.
   */
  public String byDefault() {
    return byDefault;
  }

  /** Returns one line of help on the effect. */
  public String help() {
    return help;
  }

  /**
   * Returns true if the option is an argument of the agent alone, and no option of the launcher.
   */
  public boolean isForAgent() {
    return this == WORDS || this == MAIN;
  }

  /** Puts a value into the draft. An IllegalArgumentException carries the broken rule. */
  void read(String value, PlanDraft draft) {
    OptionConversion.read(this, value, draft);
  }

  /** Returns the value in a plan, as {@link #read} takes it; null if the option does not apply. */
  String print(HoldPlan plan) {
    return OptionConversion.print(this, plan);
  }
}
