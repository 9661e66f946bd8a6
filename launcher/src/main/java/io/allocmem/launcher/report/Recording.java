package io.allocmem.launcher.report;

import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.RecordLine;
import io.allocmem.launcher.control.Recovery;
import io.allocmem.launcher.process.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * All samples of a record, in order: one JVM over a period. Never empty.
 *
 * @param cutOff true if an incomplete last line was omitted, as left by a full disk or a kill
 */
public record Recording(List<JvmSample> samples, boolean cutOff) {

  /**
   * Reads a file of JSON Lines.
   *
   * @throws Failure if the file is unreadable, or with the line number of an invalid sample
   */
  public static Recording read(Path file) {
    try {
      // not Files.lines: bytes outside UTF-8 shall be reported as a line without a sample
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      boolean cutOff = isCutOff(text.substring(end));
      List<JvmSample> samples = new ArrayList<>();
      for (String line : text.substring(0, cutOff ? end : text.length()).lines().toList()) {
        samples.add(sample(line, file + ", line " + (samples.size() + 1), samples));
      }
      if (samples.isEmpty()) {
        throw new Failure(file + " is empty: a record has a sample in each line");
      }
      return new Recording(List.copyOf(samples), cutOff);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, e);
    } catch (IOException e) {
      throw new Failure(file + " cannot be read: give a file that this user may read", e);
    }
  }

  private static boolean isCutOff(String lastLine) {
    try {
      return !lastLine.isEmpty() && RecordLine.parse(lastLine, 0) == null;
    } catch (IOException half) {
      return true;
    }
  }

  private static JvmSample sample(String line, String where, List<JvmSample> before) {
    JvmSample sample;
    try {
      sample = RecordLine.parse(line, before.isEmpty() ? 0 : before.get(before.size() - 1).time());
    } catch (IOException e) {
      throw noSample(where, e);
    }
    if (sample.format() != null && sample.format() != JvmSample.FORMAT) {
      throw new Failure(
          "%s: format %d; this launcher reads format %d: use the launcher that recorded it"
              .formatted(where, sample.format(), JvmSample.FORMAT));
    }
    if (!sample.isComplete()) {
      throw noSample(where, null);
    }
    if (!before.isEmpty() && !before.get(0).pid().equals(sample.pid())) {
      throw new Failure(where + ": another JVM, " + sample.pid() + "; a record has one JVM");
    }
    return sample;
  }

  private static Failure noSample(String where, Throwable cause) {
    return new Failure(
        where + ": no sample; each line must be a sample from watch --record", cause);
  }

  JvmSample first() {
    return samples.get(0);
  }

  JvmSample last() {
    return samples.get(samples.size() - 1);
  }

  /** Returns the time from the first sample to the last. */
  public long durationMillis() {
    return millis(last());
  }

  /** Returns the time since the first sample. */
  long millis(JvmSample sample) {
    return sample.time() - first().time();
  }

  /** Returns the names of all plans, in the order of first appearance. */
  List<String> plans() {
    return samples.stream()
        .flatMap(sample -> sample.plans().stream())
        .map(PlanSample::name)
        .distinct()
        .toList();
  }

  /** Returns the plan from its last sample. */
  PlanSample last(String plan) {
    return known(sample -> sample.plan(plan));
  }

  /**
   * Compares the samples before, during and after the maximum held. A sample with held memory shows
   * neither the state before nor the state after.
   */
  Recovery recovery() {
    JvmSample held =
        samples.stream()
            .reduce((one, later) -> later.committed() >= one.committed() ? later : one)
            .orElseThrow();
    Readings before = unheld(first());
    // the agent measured RSS before its first block, even if the record began later
    plans().stream()
        .map(plan -> last(plan).get(Reading.RSS_BEFORE))
        .filter(Objects::nonNull)
        .min(Long::compare)
        .ifPresent(rss -> before.set(Reading.RSS, rss));
    return new Recovery(before, held.readings(), unheld(last()));
  }

  private static Readings unheld(JvmSample sample) {
    return sample.committed() == 0 ? new Readings(sample.readings()) : new Readings();
  }

  /** Returns the last known value; null if never known. */
  <T> T known(Function<JvmSample, T> field) {
    return samples.stream()
        .map(field)
        .filter(Objects::nonNull)
        .reduce((older, newer) -> newer)
        .orElse(null);
  }

  /** Returns the last known value of the reading; null if never known. */
  Long known(Reading reading) {
    return known(sample -> sample.get(reading));
  }

  /** Returns a reading of the JVM over time; null for a sample without a measurement. */
  List<Long> column(Reading reading) {
    List<Long> column = new ArrayList<>();
    samples.forEach(sample -> column.add(sample.get(reading)));
    return column;
  }

  /** Returns a reading of a plan over time; null for a sample without the plan. */
  List<Long> column(String plan, Reading reading) {
    List<Long> column = new ArrayList<>();
    for (JvmSample sample : samples) {
      PlanSample of = sample.plan(plan);
      column.add(of == null ? null : of.get(reading));
    }
    return column;
  }

  /**
   * Returns the number of blocks allocated between samples; blocks held before the record do not
   * count.
   */
  public long steps() {
    return Event.of(this).stream().mapToLong(event -> Math.max(0, event.blocks())).sum();
  }
}
