package io.allocmem.arguments;

import io.allocmem.plan.Amount;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.EffectTarget;
import io.allocmem.plan.FillRatio;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Jmx;
import io.allocmem.plan.Limit;
import io.allocmem.plan.PageKind;
import io.allocmem.plan.PlanDraft;
import io.allocmem.plan.Threads;
import io.allocmem.plan.Wording;
import java.time.Duration;

/**
 * Converts the value of an option into a plan, and back. One class for all options: with a class
 * for each option, the agent would load 27 more classes into its JVM.
 */
final class OptionConversion {
  private OptionConversion() {}

  /** Puts a value into the draft. An IllegalArgumentException carries the broken rule. */
  static void read(PlanOption option, String value, PlanDraft draft) {
    switch (option) {
      case BLOCK:
        draft.blockSize = ByteSize.parse(value);
        break;
      case LIMIT:
        draft.limit = Limit.parse(value);
        break;
      case UNTIL:
        readUntil(value, draft);
        break;
      case KEEP_FREE:
        draft.keepFree = Amount.parse(value);
        break;
      case RESERVE:
        draft.reserve = Amount.parse(value);
        break;
      case FILL:
        draft.fill = FillRatio.parse(value);
        break;
      default:
        readTime(option, value, draft);
    }
  }

  private static void readUntil(String value, PlanDraft draft) {
    if (EffectTarget.isNamed(value)) {
      draft.follow(EffectTarget.parse(value));
    } else {
      draft.until = Amount.parse(value);
    }
  }

  private static void readTime(PlanOption option, String value, PlanDraft draft) {
    switch (option) {
      case DELAY:
        draft.delay = Durations.parseDelay(value);
        break;
      case OVER:
        Duration over = Durations.parse(value);
        draft.over = over.isZero() ? null : over;
        break;
      case WAIT:
        draft.wait = Durations.parse(value);
        break;
      case DURATION:
        draft.duration = Durations.parse(value);
        break;
      case LEASE:
        draft.lease = Durations.parse(value);
        break;
      case HOLD:
        draft.hold = Durations.parse(value);
        break;
      default:
        readWord(option, value, draft);
    }
  }

  private static void readWord(PlanOption option, String value, PlanDraft draft) {
    switch (option) {
      case RATE:
        draft.rate = OptionValues.rate(value);
        break;
      case PAGES:
        draft.pages = PageKind.parse(value);
        break;
      case THREADS:
        draft.threads = Threads.parse(value);
        break;
      case THEN:
        draft.then = AtLimit.parse(value);
        break;
      case AREA:
        draft.area = AreaKind.parse(value);
        break;
      case NAME:
        draft.name = OptionValues.name(value);
        break;
      case BY:
        draft.by = OptionValues.who(value);
        break;
      case WORDS:
        draft.wording = Wording.parse(value);
        break;
      case STOP_IF:
        draft.stopIf = StopConditions.parse(value);
        break;
      default:
        readSwitch(option, value, draft);
    }
  }

  private static void readSwitch(PlanOption option, String value, PlanDraft draft) {
    switch (option) {
      case KEEP_RESIDENT:
        draft.keepResident = OptionValues.either(value, "on", "off");
        break;
      case BREAK:
        draft.breakFirst = OptionValues.flag(value);
        break;
      case OOM:
        draft.allowOutOfMemory = OptionValues.either(value, "allow", "refuse");
        break;
      case STALLS:
        draft.stalls = OptionValues.either(value, "on", "off");
        break;
      case STATS_EVERY:
        draft.statsEvery = OptionValues.count(value);
        break;
      case LOG_BLOCKS:
        draft.logBlocks = OptionValues.flag(value);
        break;
      default:
        readRest(option, value, draft);
    }
  }

  /**
   * Reads a place, or checks an option that no plan contains. {@link Preset} has replaced a preset
   * by other options before. The agent's entry point removes {@code main} at start-up, where the
   * option has a meaning.
   */
  private static void readRest(PlanOption option, String value, PlanDraft draft) {
    switch (option) {
      case LOG:
        draft.log = OptionValues.log(value);
        break;
      case JMX:
        draft.jmx = Jmx.parse(value);
        break;
      case PRESET:
        Preset.require(value);
        break;
      case MAIN:
        throw new IllegalArgumentException(
            value.isEmpty()
                ? "a part of a main class or jar name is not empty"
                : "main is for -javaagent, once; attach gets the JVM from its command line");
      default:
        throw new AssertionError(option);
    }
  }

  /** Returns the value in a plan, as {@link #read} takes it; null if the option does not apply. */
  static String print(PlanOption option, HoldPlan plan) {
    switch (option) {
      case BLOCK:
        return plan.blockSize().toString();
      case LIMIT:
        return plan.until() == null ? plan.limit().toString() : null;
      case UNTIL:
        return plan.aim();
      case KEEP_FREE:
        return plan.keepFree().toString();
      case RESERVE:
        return plan.reserve().isNone() ? null : plan.reserve().toString();
      case FILL:
        return plan.fill().toString();
      default:
        return printTime(option, plan);
    }
  }

  /** Prints no rate: the delay of a plan has the rate. */
  private static String printTime(PlanOption option, HoldPlan plan) {
    switch (option) {
      case DELAY:
        return Durations.print(plan.delay());
      case OVER:
        return plan.over() == null ? null : Durations.print(plan.over());
      case WAIT:
        return Durations.print(plan.waitFirst());
      case DURATION:
        return Durations.print(plan.duration());
      case LEASE:
        return Durations.print(plan.lease());
      case HOLD:
        return plan.then().hasHold() ? Durations.print(plan.hold()) : null;
      default:
        return printWord(option, plan);
    }
  }

  private static String printWord(PlanOption option, HoldPlan plan) {
    switch (option) {
      case PAGES: // version 0.1.0 does not know this option and the next option
        return plan.pages() == PageKind.NORMAL ? null : plan.pages().toString();
      case THREADS:
        return plan.threads().isOne() ? null : plan.threads().toString();
      case THEN:
        return plan.then().toString();
      case AREA:
        return plan.area().toString();
      case NAME:
        return plan.name();
      case BY:
        return plan.by();
      case STOP_IF:
        return plan.stopConditions().isEmpty() ? null : StopConditions.print(plan.stopConditions());
      case WORDS:
        return plan.wording() == Wording.AGENT ? null : plan.wording().toString();
      case LOG:
        return plan.log();
      case JMX:
        return plan.jmx().toString();
      default:
        return printSwitch(option, plan);
    }
  }

  private static String printSwitch(PlanOption option, HoldPlan plan) {
    switch (option) {
      case KEEP_RESIDENT:
        return plan.keepsResident() ? "on" : "off";
      case BREAK:
        return String.valueOf(plan.breaksFirst());
      case OOM:
        return plan.allowsOutOfMemory() ? "allow" : "refuse";
      case STALLS: // earlier versions do not know this option
        return plan.measuresStalls() ? "on" : null;
      case STATS_EVERY:
        return String.valueOf(plan.statsEvery());
      case LOG_BLOCKS:
        return String.valueOf(plan.logsBlocks());
      default:
        return null;
    }
  }
}
