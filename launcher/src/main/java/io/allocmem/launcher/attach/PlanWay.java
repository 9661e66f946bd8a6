package io.allocmem.launcher.attach;

import java.util.Locale;

/** Way of a plan into a JVM. */
public enum PlanWay {
  /** Through the file of an armed agent: no attach, no signal, no socket. */
  ARMED,
  /** By the attach mechanism of the JVM. */
  ATTACH;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
