package io.allocmem.launcher.knee;

import java.util.function.ToLongFunction;

/** Percentile of which a promise can speak. */
enum Percentile {
  P50("p50", Latencies::p50),
  P99("p99", Latencies::p99),
  P999("p99.9", Latencies::p999),
  MAX("max", Latencies::max);

  private final String word;
  private final ToLongFunction<Latencies> figure;

  Percentile(String word, ToLongFunction<Latencies> figure) {
    this.word = word;
    this.figure = figure;
  }

  /** Returns the measured figure in microseconds. */
  long in(Latencies measured) {
    return figure.applyAsLong(measured);
  }

  /** Returns the name in JSON: {@code p999}. */
  String field() {
    return word.replace(".", "");
  }

  /** Returns the word of the option: {@code p99.9}. */
  @Override
  public String toString() {
    return word;
  }
}
