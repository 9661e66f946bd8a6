package io.allocmem.launcher.knee;

import io.allocmem.launcher.load.LoadTarget;
import io.allocmem.launcher.load.Rate;
import java.time.Duration;

/**
 * Options of a search. Shares are whole percent of the maximum heap.
 *
 * @param by requester of the plans, for the log of the JVM
 * @param target service that the client asks; null for a promise about stalls
 * @param expect least share that is a success; 0 for any
 * @param stopIf stop conditions of the plans; null for none
 */
public record KneeOptions(
    long pid,
    String name,
    String by,
    Promise promise,
    LoadTarget target,
    Rate rate,
    int from,
    int to,
    int step,
    int expect,
    Duration measure,
    String stopIf) {

  /** Returns true if the promise is about the answers to a client. */
  boolean asksService() {
    return target != null;
  }

  /** Returns what the promise is about, for people. */
  String subject() {
    return asksService() ? "answers" : "stalls";
  }
}
