package io.allocmem.arguments;

import io.allocmem.plan.Decimal;
import io.allocmem.plan.Effect;
import io.allocmem.plan.Scan;
import io.allocmem.plan.StopCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Conditions as {@code stop-if} writes them: {@code gc>40%}, {@code stall.p99>500ms for 10s},
 * several with a semicolon between them.
 */
final class StopConditions {
  private static final String RULE =
      "a condition is an effect and its limit: gc>40%, psi>30% for 10s, pause>2s, stall.p99>500ms;"
          + " put a semicolon between two conditions";

  private static final String SEPARATOR = ";";
  private static final String FOR = " for ";

  /** Most conditions of a plan: each has its own state in the plan's thread. */
  private static final int MOST = 8;

  /** Digits of a percentage behind the point: thousandths of a whole. */
  private static final int PLACES = 1;

  private static final long WHOLE_PERCENT = 100;
  private static final long MICROS = 1000;

  private StopConditions() {}

  /**
   * Reads conditions.
   *
   * @throws IllegalArgumentException with the rule
   */
  static List<StopCondition> parse(String text) {
    List<StopCondition> conditions = new ArrayList<>();
    for (String one : text.split(SEPARATOR, -1)) {
      conditions.add(condition(one.trim()));
    }
    if (conditions.size() > MOST) {
      throw new IllegalArgumentException("a plan has at most " + MOST + " conditions");
    }
    return Collections.unmodifiableList(conditions);
  }

  private static StopCondition condition(String text) {
    int sign = text.indexOf('>');
    if (sign < 0) {
      throw new IllegalArgumentException(RULE);
    }
    Effect effect = effect(text.substring(0, sign).trim());
    String limit = text.substring(sign + 1).trim();
    int at = limit.indexOf(FOR);
    String value = at < 0 ? limit : limit.substring(0, at).trim();
    long forMillis = at < 0 ? 0 : millis(limit.substring(at + FOR.length()).trim());
    if (forMillis > 0 && effect == Effect.PAUSE) {
      throw new IllegalArgumentException("a pause ends by itself: leave out 'for TIME'");
    }
    long most = effect.isShare() ? thousandths(value) : millis(value) * MICROS;
    return new StopCondition(effect, most, forMillis, text(effect, most, forMillis));
  }

  private static Effect effect(String word) {
    for (Effect effect : Effect.values()) {
      if (effect.toString().equals(word.toLowerCase(Locale.ROOT))) {
        return effect;
      }
    }
    throw new IllegalArgumentException(RULE);
  }

  private static long thousandths(String value) {
    boolean percent = value.endsWith("%");
    String digits = percent ? value.substring(0, value.length() - 1).trim() : value;
    if (!percent || !Scan.isNumber(digits, PLACES) || Decimal.whole(digits) >= WHOLE_PERCENT) {
      throw new IllegalArgumentException(
          "a share is a percentage below 100%, with at most one decimal: gc>40%, gc>12.5%");
    }
    long thousandths = Decimal.whole(digits) * 10 + Decimal.fraction(digits, PLACES);
    if (thousandths == 0) {
      throw new IllegalArgumentException("a share of 0% is exceeded at once: give more");
    }
    return thousandths;
  }

  private static long millis(String value) {
    long millis = Durations.parse(value).toMillis();
    if (millis == 0) {
      throw new IllegalArgumentException("a time in a condition is at least 1ms");
    }
    return millis;
  }

  /** Prints conditions in canonical form: {@link #parse} reads the same conditions. */
  static String print(List<StopCondition> conditions) {
    StringBuilder text = new StringBuilder();
    for (StopCondition one : conditions) {
      text.append(text.length() == 0 ? "" : SEPARATOR).append(one);
    }
    return text.toString();
  }

  private static String text(Effect effect, long limit, long forMillis) {
    String most =
        effect.isShare()
            ? Decimal.print(limit, PLACES) + "%"
            : Durations.print(Duration.ofMillis(limit / MICROS));
    String time = forMillis == 0 ? "" : FOR + Durations.print(Duration.ofMillis(forMillis));
    return effect + ">" + most + time;
  }
}
