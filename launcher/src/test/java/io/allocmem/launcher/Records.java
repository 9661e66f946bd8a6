package io.allocmem.launcher;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records that a test makes by hand: a JVM with one native plan of 10 MiB blocks, a second each.
 */
public final class Records {
  /** Bytes. */
  public static final long MIB = 1L << 20;

  private final List<Map<String, Object>> samples = new ArrayList<>();

  /** So many blocks of a plan in that phase, a second after the last sample. */
  public Records add(long blocks, String phase) {
    Map<String, Object> sample = new LinkedHashMap<>();
    sample.put("format", 1);
    sample.put("time", 1_800_000_000_000L + 1000 * samples.size());
    sample.put("pid", 4711);
    sample.put("jdk", "21.0.2");
    sample.put("mainClass", "Service");
    sample.put("rss", (60 + 5 * blocks) * MIB);
    sample.put("heapUsed", 8 * MIB);
    sample.put("heapLive", null);
    sample.put("collections", 0);
    sample.put("pauseMillis", 0);
    sample.put("plans", List.of(plan(blocks, phase)));
    samples.add(sample);
    return this;
  }

  private static Map<String, Object> plan(long blocks, String phase) {
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("name", "default");
    plan.put("phase", phase);
    plan.put("area", "native");
    plan.put("blockSize", 10 * MIB);
    plan.put("limit", 30 * MIB);
    plan.put("until", null);
    plan.put("then", "hold");
    plan.put("fill", 0.5);
    plan.put("delayMs", 1000);
    plan.put("blocks", blocks);
    plan.put("committed", 10 * MIB * blocks);
    plan.put("touched", 5 * MIB * blocks);
    plan.put("resident", 5 * MIB * blocks);
    plan.put("rssBefore", 61 * MIB);
    plan.put("message", "");
    return plan;
  }

  /** Another value in the last sample. */
  public Records with(String field, Object value) {
    samples.get(samples.size() - 1).put(field, value);
    return this;
  }

  /** Another value in the plan of the last sample. */
  public Records withPlan(String field, Object value) {
    List<?> plans = (List<?>) samples.get(samples.size() - 1).get("plans");
    Map<String, Object> plan = new LinkedHashMap<>();
    ((Map<?, ?>) plans.get(0)).forEach((key, old) -> plan.put(String.valueOf(key), old));
    plan.put(field, value);
    return with("plans", List.of(plan));
  }

  /** All three blocks, held, and given back. */
  public static Records stairs() {
    return new Records()
        .add(0, "WAITING")
        .add(1, "ALLOCATING")
        .add(2, "ALLOCATING")
        .add(3, "HOLDING")
        .add(3, "HOLDING")
        .add(0, "RELEASED");
  }

  /** Makes the file record.jsonl. */
  public Path writeTo(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> sample : samples) {
      lines.add(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(sample));
    }
    return Files.write(directory.resolve("record.jsonl"), lines);
  }
}
