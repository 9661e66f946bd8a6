package io.allocmem.launcher.restart;

import io.allocmem.launcher.control.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A restart of the service with a new start of the plan.
 *
 * @param timeMillis time of the new start, milliseconds since 1970
 * @param endedPid JVM that ended
 * @param cause verdict on that JVM
 * @param pid JVM of the new start
 */
public record Restart(long timeMillis, long endedPid, Verdict cause, long pid) {
  /** Returns the fields by name, for a JSON answer. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", timeMillis);
    fields.put("endedPid", endedPid);
    fields.put("verdict", cause.code().name());
    fields.put("cause", cause.sentence());
    fields.put("pid", pid);
    return fields;
  }
}
