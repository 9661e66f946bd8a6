/**
 * The service's own check beside a held plan: a shell command or a URL, asked at an interval.
 * Counts failures in a row, and asks for the release of the plan.
 */
package io.allocmem.launcher.probe;
