package io.allocmem.launcher.probe;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts failures in a row: a passed check begins the count anew. */
public final class FailureCount {
  private final int most;
  private long checks;
  private int inARow;
  private String last;

  /**
   * @param most number of failures in a row that is too many
   */
  public FailureCount(int most) {
    this.most = most;
  }

  /**
   * Counts a check, and returns true at the failure that is too many.
   *
   * @param failure reason of the failure; null for a passed check
   */
  public synchronized boolean add(String failure) {
    checks++;
    inARow = failure == null ? 0 : inARow + 1;
    last = failure == null ? last : failure;
    return inARow >= most;
  }

  /** Begins the count anew, as for another JVM. */
  synchronized void reset() {
    inARow = 0;
  }

  /** Returns the count of failures with the last reason, as a sentence without a full stop. */
  synchronized String toHuman() {
    return "the service's own check failed, %d of %d in a row; %s".formatted(inARow, most, last);
  }

  /** Returns the fields for a JSON object. */
  public synchronized Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("checks", checks);
    fields.put("failuresInARow", inARow);
    fields.put("lastFailure", last);
    return fields;
  }
}
