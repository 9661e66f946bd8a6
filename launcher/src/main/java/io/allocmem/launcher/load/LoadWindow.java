package io.allocmem.launcher.load;

import java.time.Duration;

/**
 * Requests whose intended start lies in one window of time. Times run from the intended start to
 * the end of the body. A failed request counts with the timeout at least.
 *
 * @param answers requests with a whole answer below status 400, in time
 * @param failures other requests
 * @param p50 median; zero without requests, as all times
 * @param p99 99th percentile
 * @param p999 percentile 99.9
 * @param max longest time
 * @param perSecond answers per second that ended in the window, of requests of any window
 * @param firstFailure sentence about the first failure, printable; null without a failure
 */
public record LoadWindow(
    long answers,
    long failures,
    Duration p50,
    Duration p99,
    Duration p999,
    Duration max,
    double perSecond,
    String firstFailure) {}
