package io.allocmem.arguments;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Named sets of options for frequent experiments. An option that is given replaces its preset. */
public enum Preset {
  /** Five MiB a second on the heap, up to half of the heap. */
  SLOW_LEAK("m=5,x=50%,e=1s"),

  /** The heap stays at 85 % of its maximum. */
  NEAR_FULL("until=85%"),

  /** RSS grows beside the heap. */
  ABOVE_XMX("m=64,x=512,a=native"),

  /** Fifty MiB of small objects a second die. */
  CHURN("m=5,x=60%,e=100ms,then=rotate,a=objects"),

  /** Heap used rises, stays and falls, again and again. */
  SAW_TOOTH("m=10,x=60%,e=500ms,then=cycle,hold=5s");

  private final String options;

  Preset(String options) {
    this.options = options;
  }

  /** Returns the preset of a name, in any case; null if there is none. */
  private static Preset named(String name) {
    for (Preset preset : values()) {
      if (preset.toString().equalsIgnoreCase(name)) {
        return preset;
      }
    }
    return null;
  }

  /**
   * Checks the name of a preset.
   *
   * @throws IllegalArgumentException with all names, if there is no such preset
   */
  static void require(String name) {
    if (named(name) == null) {
      StringBuilder names = new StringBuilder();
      for (Preset preset : values()) {
        names.append(names.length() == 0 ? "" : ", ").append(preset);
      }
      throw new IllegalArgumentException("a preset is one of " + names);
    }
  }

  /**
   * Returns the options that a given preset adds to further given options; empty without a preset.
   */
  public static Map<PlanOption, String> optionsFor(Map<PlanOption, String> given) {
    Map<PlanOption, String> added = new EnumMap<>(PlanOption.class);
    Preset preset = named(given.get(PlanOption.PRESET));
    if (preset != null) {
      for (String text : preset.options.split(",")) {
        int equals = text.indexOf('=');
        PlanOption option = AgentArguments.named(text.substring(0, equals));
        if (Collections.disjoint(given.keySet(), replacementsOf(option))) {
          added.put(option, text.substring(equals + 1));
        }
      }
    }
    return added;
  }

  /** Returns the options that a person gives instead of an option of a preset. */
  private static Set<PlanOption> replacementsOf(PlanOption option) {
    switch (option) {
      case LIMIT:
      case UNTIL:
        return EnumSet.of(PlanOption.LIMIT, PlanOption.UNTIL);
      case DELAY:
        return EnumSet.of(PlanOption.DELAY, PlanOption.RATE, PlanOption.OVER);
      case THEN:
        return EnumSet.of(PlanOption.THEN, PlanOption.UNTIL);
      case HOLD:
        return EnumSet.of(PlanOption.HOLD, PlanOption.THEN, PlanOption.UNTIL);
      default:
        return EnumSet.of(option);
    }
  }

  /** Returns the option text: {@code slow-leak}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
