package io.allocmem.launcher.knee;

import io.allocmem.arguments.Durations;
import io.allocmem.control.Reading.Unit;
import io.allocmem.launcher.process.Quantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Promise of a service: upper limits of percentiles, all of which must hold. */
public record Promise(List<Limit> limits) {
  private static final String RULE =
      "a promise is a percentile and its time: p99=200ms, p50=20ms, p99.9=1s, max=2s; put a comma between two promises";

  private static final int MICROS = 1000;

  /**
   * Upper limit of one percentile.
   *
   * @param text the limit as typed
   */
  record Limit(Percentile percentile, Duration most, String text) {
    long micros() {
      return most.toMillis() * MICROS;
    }
  }

  /**
   * Reads a promise.
   *
   * @throws IllegalArgumentException with the rule
   */
  public static Promise parse(String text) {
    List<Limit> limits = new ArrayList<>();
    Set<Percentile> named = EnumSet.noneOf(Percentile.class);
    for (String one : text.split(",", -1)) {
      Limit limit = limit(one.strip());
      if (!named.add(limit.percentile)) {
        throw new IllegalArgumentException("one time for " + limit.percentile);
      }
      limits.add(limit);
    }
    return new Promise(List.copyOf(limits));
  }

  private static Limit limit(String text) {
    int sign = text.indexOf('=');
    String word = sign < 0 ? "" : text.substring(0, sign).strip().toLowerCase(Locale.ROOT);
    Optional<Percentile> percentile =
        Stream.of(Percentile.values()).filter(one -> one.toString().equals(word)).findFirst();
    if (percentile.isEmpty()) {
      throw new IllegalArgumentException(RULE);
    }
    String time = text.substring(sign + 1).strip();
    Duration most = Durations.parse(time);
    if (most.isZero()) {
      throw new IllegalArgumentException("a promise needs a time above 0");
    }
    return new Limit(percentile.get(), most, word + "=" + time);
  }

  /** Returns the longest time of all limits. */
  public Duration longest() {
    return limits.stream().map(Limit::most).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /** Returns the first broken limit with the measurement; null for a promise that is kept. */
  String breach(Latencies measured) {
    if (!measured.isKnown()) {
      return "nothing was measured";
    }
    for (Limit limit : limits) {
      long value = limit.percentile.in(measured);
      if (value > limit.micros()) {
        return limit.percentile + " " + Quantities.of(Unit.MICROS, value);
      }
    }
    return null;
  }

  /** Returns the promise as the option takes it. */
  @Override
  public String toString() {
    return limits.stream().map(Limit::text).collect(Collectors.joining(","));
  }
}
