package io.allocmem.arguments;

import io.allocmem.plan.Amount;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.FillRatio;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Jmx;
import io.allocmem.plan.Limit;
import io.allocmem.plan.Wording;
import java.time.Duration;

/**
 * Table of options. Each row is an agent argument and a launcher option at once, and converts its
 * value into a plan and back. The short keys m, x, f, e, b and p are the reference tool's. A rarely
 * used option has a long name only.
 */
public enum PlanOption {
  BLOCK("m", "block", "SIZE", "1", "allocate in blocks of this size: 64m, 2GB = 2GiB, plain MiB") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.blockSize = ByteSize.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.blockSize().toString();
    }
  },
  LIMIT(
      "x",
      "limit",
      "AMOUNT",
      null,
      "stop allocating once this much is committed; 0: when memory runs out") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.limit = Limit.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.until() == null ? plan.limit().toString() : null;
    }
  },
  UNTIL(
      null,
      "until",
      "AMOUNT",
      null,
      "bring usage to this level and keep it there; replaces a limit") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.until = Amount.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.until() == null ? null : plan.until().toString();
    }
  },
  KEEP_FREE(
      null,
      "keep-free",
      "AMOUNT",
      "0",
      "always keep this much free, in the area and in the container") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.keepFree = Amount.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.keepFree().toString();
    }
  },
  RESERVE(
      null,
      "reserve",
      "AMOUNT",
      "0",
      "keep this much more free in the container, for a limit above it (a pod)") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.reserve = Amount.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.reserve().isNone() ? null : plan.reserve().toString();
    }
  },
  FILL("f", "fill", "RATIO", "1", "touch this share of each block: 0.25 or 25%") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.fill = FillRatio.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.fill().toString();
    }
  },
  KEEP_RESIDENT("k", "keep-resident", "on/off", "on", "touch swapped-out pages again") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.keepResident = OptionValues.either(value, "on", "off");
    }

    @Override
    String print(HoldPlan plan) {
      return plan.keepsResident() ? "on" : "off";
    }
  },
  DELAY("e", "delay", "TIME", "0", "allocate a block every TIME: 0.5s, 1m30s, plain ms") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.delay = Durations.parseDelay(value);
    }

    @Override
    String print(HoldPlan plan) {
      return Durations.print(plan.delay());
    }
  },
  RATE(null, "rate", "SIZE/TIME", null, "allocate at this rate: 10m/s; sets the delay") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.rate = OptionValues.rate(value);
    }

    /** Returns null: the delay of a plan has the rate. */
    @Override
    String print(HoldPlan plan) {
      return null;
    }
  },
  OVER(null, "over", "TIME", null, "reach the limit in this time: 10m; sets the delay") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      Duration over = Durations.parse(value);
      draft.over = over.isZero() ? null : over;
    }

    @Override
    String print(HoldPlan plan) {
      return plan.over() == null ? null : Durations.print(plan.over());
    }
  },
  WAIT("w", "wait", "TIME", "0", "wait before the first block: 0.5s, 1m30s, 1h") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.wait = Durations.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return Durations.print(plan.waitFirst());
    }

    @Override
    public String launcherName() {
      return "start-after"; // attach --wait waits for the plan
    }
  },
  DURATION(
      "d",
      "duration",
      "TIME",
      "0",
      "release everything this long after the first block; 0: never") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.duration = Durations.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return Durations.print(plan.duration());
    }
  },
  LEASE(
      null, "lease", "TIME", "0", "release everything if not renewed within this time; 0: never") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.lease = Durations.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return Durations.print(plan.lease());
    }
  },
  THEN(
      null, "then", "ACTION", "hold", "act at the limit: hold, release, cycle, rotate, ramp-down") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.then = AtLimit.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.then().toString();
    }
  },
  HOLD(
      "hold",
      "hold-time",
      "TIME",
      null,
      "hold this long at the limit before release, cycle (30s), ramp-down") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.hold = Durations.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.then().hasHold() ? Durations.print(plan.hold()) : null;
    }
  },
  BREAK("b", "break", null, "false", "wait for a resume before the first block") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.breakFirst = OptionValues.flag(value);
    }

    @Override
    String print(HoldPlan plan) {
      return String.valueOf(plan.breaksFirst());
    }
  },
  OOM(
      null,
      "oom",
      "allow/refuse",
      "refuse",
      "risk an OutOfMemoryError that ends the JVM or writes a heap dump") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.allowOutOfMemory = OptionValues.either(value, "allow", "refuse");
    }

    @Override
    String print(HoldPlan plan) {
      return plan.allowsOutOfMemory() ? "allow" : "refuse";
    }
  },
  STATS_EVERY(
      "p", "stats-every", "N", "0", "log process statistics after every N blocks; 0: never") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.statsEvery = OptionValues.count(value);
    }

    @Override
    String print(HoldPlan plan) {
      return String.valueOf(plan.statsEvery());
    }
  },
  AREA(
      "a",
      "area",
      "AREA",
      "heap",
      "allocate in heap, objects, native (offheap), direct, mapped, metaspace, stack") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.area = AreaKind.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.area().toString();
    }
  },
  NAME("n", "name", "NAME", "default", "name the plan; a JVM can hold several plans") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.name = OptionValues.name(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.name();
    }
  },
  LOG_BLOCKS("l", "log-blocks", null, "false", "log a line for each block") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.logBlocks = OptionValues.flag(value);
    }

    @Override
    String print(HoldPlan plan) {
      return String.valueOf(plan.logsBlocks());
    }
  },
  LOG(
      null,
      "log",
      "FILE/off",
      "stderr",
      "append the log to a file; the target JVM resolves the path") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.log = OptionValues.log(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.log();
    }
  },
  JMX(
      null,
      "jmx",
      "on/off/auto",
      "auto",
      "publish an MXBean; auto: if a platform MBean server exists") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.jmx = Jmx.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.jmx().toString();
    }
  },
  BY(null, "by", "WHO", null, "name the requester of the plan in the log") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.by = OptionValues.who(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.by();
    }
  },
  PRESET(
      null,
      "preset",
      "NAME",
      null,
      "take options by a name: slow-leak, near-full, above-xmx, churn, saw-tooth") {
    /** Checks the name. {@link Preset} has replaced the option by other options before. */
    @Override
    void read(String value, HoldPlan.Draft draft) {
      Preset.require(value);
    }

    @Override
    String print(HoldPlan plan) {
      return null;
    }
  },
  WORDS(
      null,
      "words",
      "agent/launcher",
      "agent",
      "name options in messages as the agent or the launcher takes them") {
    @Override
    void read(String value, HoldPlan.Draft draft) {
      draft.wording = Wording.parse(value);
    }

    @Override
    String print(HoldPlan plan) {
      return plan.wording() == Wording.AGENT ? null : plan.wording().toString();
    }

    @Override
    public boolean isForAgent() {
      return true;
    }
  },
  MAIN(
      null,
      "main",
      "PART",
      null,
      "start only in a JVM whose main class or jar name contains PART") {
    /**
     * Rejects the option. The agent's entry point removes the option at start-up, where the option
     * has a meaning; a plan does not contain the option.
     */
    @Override
    void read(String value, HoldPlan.Draft draft) {
      throw new IllegalArgumentException(
          value.isEmpty()
              ? "a part of a main class or jar name is not empty"
              : "main is for -javaagent, once; attach gets the JVM from its command line");
    }

    @Override
    String print(HoldPlan plan) {
      return null;
    }

    @Override
    public boolean isForAgent() {
      return true;
    }
  };

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
    return longName;
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
    return false;
  }

  /** Puts a value into the draft. An IllegalArgumentException carries the broken rule. */
  abstract void read(String value, HoldPlan.Draft draft);

  /** Returns the value in a plan, as {@link #read} takes it; null if the option does not apply. */
  abstract String print(HoldPlan plan);
}
