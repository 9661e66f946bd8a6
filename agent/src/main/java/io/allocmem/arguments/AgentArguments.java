package io.allocmem.arguments;

import io.allocmem.plan.Charsets;
import io.allocmem.plan.Excerpt;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.PlanDraft;
import io.allocmem.plan.Wording;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Arguments of the agent, {@code m=100,x=2048,f=0.25}. Parses arguments into a plan, and prints a
 * plan in canonical order: {@code parse(print(plan))} is the same plan. The launcher writes, the
 * agent reads and the control file carries arguments.
 */
public final class AgentArguments {
  /** Maximum bytes of user input that an error message quotes. */
  private static final int MOST_SHOWN = 120;

  /** Maximum bytes of a printed plan; less than the room in the control file. */
  static final int MOST_BYTES = 1200;

  /** Options that {@link #print} always writes, and that a person never writes all together. */
  private static final Set<PlanOption> PRINTED =
      EnumSet.of(
          PlanOption.KEEP_FREE,
          PlanOption.DELAY,
          PlanOption.WAIT,
          PlanOption.DURATION,
          PlanOption.LEASE);

  /** Options that version 0.1.0 did not print: a person or a launcher of today gives them. */
  private static final Set<PlanOption> NEVER_PRINTED =
      EnumSet.of(PlanOption.PRESET, PlanOption.WORDS);

  private AgentArguments() {}

  /**
   * Reads arguments with short or long names; null and empty mean no options.
   *
   * @throws InvalidArguments with one sentence: option, value, rule, valid options
   */
  public static HoldPlan parse(String arguments) throws InvalidArguments {
    return plan(split(arguments == null ? "" : arguments), arguments);
  }

  /**
   * Reads the values of options; an option without a value has its default.
   *
   * @throws InvalidArguments with one sentence: option, value, rule, valid options
   */
  public static HoldPlan plan(Map<PlanOption, String> values) throws InvalidArguments {
    return plan(values, text(values));
  }

  private static HoldPlan plan(Map<PlanOption, String> given, String shown)
      throws InvalidArguments {
    PlanDraft draft = new PlanDraft();
    boolean launcher = Wording.LAUNCHER.toString().equals(given.get(PlanOption.WORDS));
    draft.wording = launcher ? Wording.LAUNCHER : Wording.AGENT;
    Map<PlanOption, String> values = complete(given);
    for (PlanOption option : PlanOption.values()) {
      read(option, values.get(option), draft);
    }
    try {
      return withinLength(draft.toPlan());
    } catch (IllegalArgumentException rule) {
      boolean quoted = !launcher && shown != null && !shown.isEmpty();
      String options = quoted ? "invalid options " + shown(shown) + ": " : "";
      throw new InvalidArguments(options + rule.getMessage(), draft.wording);
    }
  }

  private static Map<PlanOption, String> complete(Map<PlanOption, String> given) {
    Set<PlanOption> options = given.keySet();
    if (options.containsAll(PRINTED) && Collections.disjoint(options, NEVER_PRINTED)) {
      return withUnits(given);
    }
    Map<PlanOption, String> values = new EnumMap<>(PlanOption.class);
    if (options.contains(PlanOption.PRESET)) {
      values.putAll(Preset.optionsFor(given));
    }
    values.putAll(given);
    return values;
  }

  /** Adds the unit to times that version 0.1.0 printed: plain numbers, in milliseconds. */
  private static Map<PlanOption, String> withUnits(Map<PlanOption, String> printed) {
    Map<PlanOption, String> values = new EnumMap<>(printed);
    for (PlanOption option : printed.keySet()) {
      if ("TIME".equals(option.unit())) {
        values.put(option, Durations.withUnit(printed.get(option)));
      }
    }
    return values;
  }

  /** Checks the length of the printed plan: the control file carries the plan, in limited room. */
  private static HoldPlan withinLength(HoldPlan plan) {
    int bytes = print(plan).getBytes(Charsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "together the options have " + bytes + " bytes, the maximum is " + MOST_BYTES);
    }
    return plan;
  }

  private static Map<PlanOption, String> split(String arguments) throws InvalidArguments {
    Map<PlanOption, String> given = new EnumMap<>(PlanOption.class);
    String[] parts = arguments.isEmpty() ? new String[0] : arguments.split(",", -1);
    ArmedArguments.requireNone(parts);
    for (String part : parts) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      PlanOption option = named(name);
      if (option == null) {
        throw new InvalidArguments("unknown option '" + shown(name) + "'", Wording.AGENT);
      }
      if (equals < 0 && option.unit() != null) {
        throw new InvalidArguments(
            "option " + name + " needs a value: " + name + "=" + option.unit(), Wording.AGENT);
      }
      if (given.put(option, equals < 0 ? "true" : part.substring(equals + 1)) != null) {
        throw new InvalidArguments("option " + name + " is given twice", Wording.AGENT);
      }
    }
    return given;
  }

  static PlanOption named(String name) {
    for (PlanOption option : PlanOption.values()) {
      if (name.equals(option.key()) || name.equals(option.longName())) {
        return option;
      }
    }
    return null;
  }

  private static void read(PlanOption option, String value, PlanDraft draft)
      throws InvalidArguments {
    if (value == null && option.byDefault() == null) {
      return;
    }
    try {
      option.read(value == null ? option.byDefault() : value, draft);
    } catch (IllegalArgumentException rule) {
      throw new InvalidArguments(option, shown(value), rule.getMessage(), draft.wording);
    }
  }

  /** Returns an excerpt of user input: an error message must not grow with the input. */
  private static String shown(String given) {
    return Excerpt.of(String.valueOf(given), MOST_SHOWN);
  }

  /** Prints all options of a plan with their short keys, in the order of the table. */
  public static String print(HoldPlan plan) {
    Map<PlanOption, String> values = new EnumMap<>(PlanOption.class);
    for (PlanOption option : PlanOption.values()) {
      values.put(option, option.print(plan));
    }
    return text(values);
  }

  private static String text(Map<PlanOption, String> values) {
    StringBuilder text = new StringBuilder();
    for (PlanOption option : PlanOption.values()) {
      if (values.get(option) != null) {
        text.append(text.length() == 0 ? "" : ",");
        text.append(option.shortest()).append('=').append(values.get(option));
      }
    }
    return text.toString();
  }
}
