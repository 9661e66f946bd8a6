package io.allocmem.launcher;

import static io.allocmem.launcher.fixtures.Fuzz.number;
import static io.allocmem.launcher.fixtures.Fuzz.once;
import static io.allocmem.launcher.fixtures.Fuzz.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.arguments.PlanOption;
import io.allocmem.launcher.fixtures.Fuzz;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/**
 * Any arguments give a plan or one short sentence. The text of the plan, parsed again, gives an
 * equal plan.
 */
class ArgumentsFuzzTest {
  /** Getters of a plan. */
  private static final List<Method> FIELDS =
      Arrays.stream(HoldPlan.class.getDeclaredMethods())
          .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
          .filter(method -> method.getParameterCount() == 0)
          .toList();

  private long plans;

  @Test
  void eachMakesAPlanOrOneSentence() {
    Fuzz.rounds(1_000_000, this::tryOne);
    assertThat(plans).as("arguments that made a plan").isPositive();
  }

  private void tryOne(SplittableRandom random) throws Exception {
    String valid = options(random);
    String arguments =
        switch (random.nextInt(4)) {
          case 0 -> Fuzz.mutated(random, valid);
          case 1 -> once(random, 10) ? Fuzz.text(random, 40) : valid + "," + Fuzz.text(random, 5);
          default -> valid;
        };
    HoldPlan plan = planOf(arguments);
    if (plan != null) {
      plans++;
      requireSame(plan, random);
    }
  }

  /** Returns the plan; null if the arguments are rejected with a sentence. */
  private static HoldPlan planOf(String arguments) {
    try {
      return AgentArguments.parse(arguments);
    } catch (InvalidArguments sentence) {
      Fuzz.requireShort(sentence.getMessage());
      return null;
    }
  }

  private static void requireSame(HoldPlan plan, SplittableRandom random) throws Exception {
    String printed = AgentArguments.print(plan);
    HoldPlan again = AgentArguments.parse(printed);
    for (Method field : FIELDS) {
      String value = String.valueOf(field.invoke(plan)); // sizes have no equals
      String read = String.valueOf(field.invoke(again));
      if (!value.equals(read)) {
        throw new AssertionError(
            "%s of %s: %s, read back as %s".formatted(field.getName(), printed, value, read));
      }
    }
    Fuzz.requireShort(plan.toHuman());
    requireSentence(plan, random);
    long capacity = number(random) >>> 14; // below 1 PiB, as for a JVM or a machine
    HoldPlan sum = plan.within(capacity);
    if (!AgentArguments.print(AgentArguments.parse(AgentArguments.print(sum)))
        .equals(AgentArguments.print(sum))) {
      throw new AssertionError(printed + " within " + capacity);
    }
  }

  private static void requireSentence(HoldPlan plan, SplittableRandom random) {
    Preflight preflight = new Preflight();
    preflight.capacity = Math.max(-1, number(random));
    preflight.used = Math.max(-1, number(random));
    preflight.containerCapacity = Math.max(-1, number(random));
    preflight.fatalFlag = once(random, 2) ? null : "ExitOnOutOfMemoryError";
    String refusal = preflight.refusal(plan);
    Fuzz.requireShort(refusal == null ? "" : refusal);
  }

  /** Returns some options, each with a value of its kind. */
  private static String options(SplittableRandom random) {
    StringJoiner options = new StringJoiner(",");
    boolean amount = false;
    for (PlanOption option : PlanOption.values()) {
      boolean last = option == PlanOption.UNTIL && !amount && once(random, 2);
      boolean given = last || once(random, option == PlanOption.LIMIT ? 2 : 5);
      if (given && !option.isForAgent() && !(option == PlanOption.UNTIL && amount)) {
        amount |= option == PlanOption.LIMIT;
        String name = option.key() == null || once(random, 2) ? option.longName() : option.key();
        options.add(
            option.unit() == null && once(random, 2) ? name : name + "=" + value(option, random));
      }
    }
    return options.toString();
  }

  private static String value(PlanOption option, SplittableRandom random) {
    return switch (option) {
      case BLOCK -> size(random);
      case LIMIT, UNTIL, KEEP_FREE, RESERVE ->
          once(random, 2) ? size(random) : decimal(random, 3) + "%";
      case FILL -> decimal(random, 9) + one(random, "", "%");
      case KEEP_RESIDENT, STALLS -> one(random, "on", "off");
      case STOP_IF -> condition(random) + (once(random, 3) ? ";" + condition(random) : "");
      case DELAY, WAIT, DURATION, LEASE, HOLD, OVER -> time(random);
      case PAGES -> one(random, "normal", "huge", "locked", "Huge");
      case THREADS -> one(random, "1", "2", "64", "9999", "cores", "Cores");
      case RATE -> size(random) + one(random, "/", " / ") + one(random, "s", "min", time(random));
      case PRESET -> one(random, "slow-leak", "near-full", "above-xmx", "Churn", "saw-tooth");
      case THEN -> one(random, "hold", "release", "cycle", "rotate", "ramp-down");
      case BREAK, LOG_BLOCKS -> one(random, "true", "false");
      case OOM -> one(random, "allow", "refuse");
      case STATS_EVERY -> "" + random.nextInt(1_000_000_000);
      case AREA ->
          one(random, "heap", "objects", "native", "direct", "mapped", "metaspace", "stack");
      case NAME -> name(random, "aZ09_-", 40);
      case LOG -> name(random, "aZ0/ .=%é\u4e2d:", 200);
      case JMX -> one(random, "on", "off", "auto", "true", "false");
      case BY -> name(random, "aZ09_.@() -", 64);
      case WORDS -> one(random, "agent", "launcher");
      case MAIN -> "Service";
    };
  }

  private static String condition(SplittableRandom random) {
    String share = one(random, "gc", "psi", "GC") + ">" + decimal(random, 1) + "%";
    String stall =
        one(random, "pause", "stall.p50", "stall.p99.9", "stall.max") + " > " + time(random);
    return one(random, share, stall) + (once(random, 3) ? " for " + time(random) : "");
  }

  private static String size(SplittableRandom random) {
    long size = random.nextLong() >>> random.nextInt(1, 64);
    String fraction = once(random, 8) ? "." + random.nextInt(1_000_000) : "";
    return size
        + fraction
        + one(random, "", "k", "m", "g", "K", "M", "G", "GB", "MiB", "Ki", "t", "b");
  }

  private static String time(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(100) + "m" + random.nextInt(100) + "s";
      case 1 -> decimal(random, 3) + one(random, "s", "min", "h");
      default -> random.nextInt(100_000) + one(random, "", "ms", "s", "m", "h", "D");
    };
  }

  private static String decimal(SplittableRandom random, int digits) {
    String whole = one(random, "", "0", "1", "7", "12", "99", "100");
    String part = name(random, "0123456789", digits);
    return once(random, 4) && !whole.isEmpty() ? whole : whole + "." + part;
  }

  private static String name(SplittableRandom random, String of, int most) {
    StringBuilder name = new StringBuilder();
    for (int left = random.nextInt(most) + 1; left > 0; left--) {
      name.append(of.charAt(random.nextInt(of.length())));
    }
    return name.toString();
  }
}
