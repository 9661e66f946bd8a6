package io.allocmem.launcher.control;

import io.allocmem.plan.AreaKind;

/** Memory that a JVM keeps after a release, by its start options. */
public interface Kept {
  /** Returns the reason why released blocks of an area never come back; null for none. */
  String blocksOf(AreaKind area);

  /** Returns the reason why the JVM does not return free heap to the system. */
  String freeHeap();
}
