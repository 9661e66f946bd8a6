package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Records;
import io.allocmem.launcher.report.PlanVerdict.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judgement of a plan by its record. */
class PlanVerdictTest {
  @TempDir private Path directory;

  private void assertVerdict(Records records, Outcome outcome, String reason) throws Exception {
    Recording recording = Recording.read(records.writeTo(directory));
    assertThat(Headline.of(recording).verdicts())
        .containsExactly(new PlanVerdict("default", outcome, reason));
  }

  @Test
  void aPlanAtItsLimitReachedIt() throws Exception {
    assertVerdict(Records.stairs(), Outcome.REACHED, "30 MiB, held for 2.0 s, then released");
  }

  @Test
  void aPlanThatAStopConditionReleasedIsNamed() throws Exception {
    assertVerdict(
        Records.stairs().withPlan("stopped", 1),
        Outcome.REACHED,
        "30 MiB, held for 2.0 s, then released by a stop condition");
  }

  @Test
  void aPlanThatStopsBeforeItsLimitDidNot() throws Exception {
    assertVerdict(
        new Records().add(1, "ALLOCATING").add(2, "EXHAUSTED"),
        Outcome.MISSED,
        "20 MiB of 30 MiB, the record ends in EXHAUSTED");
    assertVerdict(
        new Records().add(2, "GUARDED"),
        Outcome.MISSED,
        "20 MiB of 30 MiB, the record ends in GUARDED");
    assertVerdict(
        new Records().add(2, "EXHAUSTED").add(0, "RELEASED"),
        Outcome.MISSED,
        "20 MiB of 30 MiB, EXHAUSTED, then released");
    assertVerdict(
        new Records().add(2, "ALLOCATING").add(0, "FAILED"),
        Outcome.MISSED,
        "the plan failed after 20 MiB of 30 MiB");
  }

  @Test
  void aJvmThatEndsWithThePlanIsNamed() throws Exception {
    String reason = "the JVM ended while the plan held 30 MiB";
    assertVerdict(new Records().add(3, "HOLDING").add(3, "DEAD"), Outcome.MISSED, reason);
    assertVerdict(
        new Records().add(3, "HOLDING").add(3, "HOLDING").with("plans", List.of()),
        Outcome.MISSED,
        reason);
  }

  @Test
  void aRecordThatEndsBeforeLeavesItOpen() throws Exception {
    assertVerdict(
        new Records().add(1, "ALLOCATING").add(2, "ALLOCATING"),
        Outcome.OPEN,
        "20 MiB of 30 MiB, the record ends in ALLOCATING");
  }

  @Test
  void aPlanWithoutALimitReachesTheEndOfMemory() throws Exception {
    assertVerdict(
        new Records().add(2, "EXHAUSTED").withPlan("limit", 0),
        Outcome.REACHED,
        "20 MiB, the record ends in EXHAUSTED");
  }

  @Test
  void aPlanThatFollowsUsageReachesItsLevel() throws Exception {
    assertVerdict(
        new Records().add(2, "HOLDING").withPlan("limit", null).withPlan("until", "85%"),
        Outcome.REACHED,
        "20 MiB, the record ends in HOLDING");
  }

  @Test
  void theCountOfTheAgentDecides() throws Exception {
    assertVerdict(
        new Records().add(3, "GUARDED").withPlan("reached", 0),
        Outcome.MISSED,
        "30 MiB of 30 MiB, the record ends in GUARDED");
    assertVerdict(
        new Records().add(2, "RELEASED").withPlan("reached", 1),
        Outcome.REACHED,
        "20 MiB, then released");
  }
}
