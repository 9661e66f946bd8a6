package io.allocmem.launcher.knee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.load.LoadTarget;
import io.allocmem.launcher.load.LoadWindow;
import io.allocmem.launcher.load.Rate;
import io.allocmem.launcher.probe.HttpAddress;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KneeResultTest {
  private static final long HEAP = 1000L << 20;

  private static KneeResult result(int expect) {
    return new KneeResult(
        new KneeOptions(
            1,
            "knee",
            "me",
            Promise.parse("p99=200ms"),
            new LoadTarget(HttpAddress.parse("http://a/"), Duration.ofSeconds(1)),
            Rate.parse("50/s"),
            40,
            95,
            5,
            expect,
            Duration.ofSeconds(30),
            null));
  }

  private static StepResult step(int share, Outcome outcome, String cause, long p99Millis) {
    Duration time = Duration.ofMillis(p99Millis);
    LoadWindow answers =
        new LoadWindow(1498, 2, time, time, time, time, 49.93, "<script>\u001b[1m");
    StepResult.Figures figures =
        new StepResult.Figures(share * HEAP / 100, HEAP, 85, -1, 7, 30_000);
    return new StepResult(share, outcome, cause, figures, Latencies.NONE, answers, "a note");
  }

  /** Returns a search with this knee: the order of the steps is that of the measurements. */
  private static KneeResult searched(int expect, Outcome above) {
    KneeResult result = result(expect);
    Search search = new Search(12, 40, 95, 5);
    result.add(step(0, Outcome.KEPT, null, 10));
    while (!search.isOver()) {
      int share = search.next();
      boolean kept = share <= 77;
      String cause = kept ? null : above == Outcome.BROKEN ? "p99 312 ms" : "EXHAUSTED: floor";
      result.add(step(share, kept ? Outcome.KEPT : above, cause, kept ? 100 : 312));
      search.add(share, kept ? Outcome.KEPT : above);
    }
    result.end(search);
    return result;
  }

  @Test
  void namesTheBreachThatCouldNotBeHeldAgain() {
    KneeResult result = result(0);
    Search search = new Search(12, 40, 45, 5);
    Outcome[] outcomes = {Outcome.KEPT, Outcome.BROKEN, Outcome.REFUSED};
    String[] causes = {null, "p99 312 ms", "GUARDED: 25 MiB must stay free"};
    for (int i = 0; i < outcomes.length; i++) {
      int share = search.next();
      result.add(step(share, outcomes[i], causes[i], 100));
      search.add(share, outcomes[i]);
    }
    while (!search.isOver()) {
      search.add(search.next(), Outcome.KEPT);
    }
    result.end(search);
    assertThat(result.sentence())
        .isEqualTo("the knee is at 44 %: 45 % breaks p99=200ms (p99 312 ms)");
    assertThat(result.fields()).containsEntry("atLeast", false);
  }

  @Test
  void theTableIsInTheOrderOfTheSharesAndTheJsonInThatOfTheMeasurements() throws IOException {
    KneeResult result = searched(0, Outcome.BROKEN);
    assertThat(result.toText().lines().map(line -> line.split(" ")[0]))
        .startsWith("ASKED", "0", "40", "45")
        .containsSubsequence("75", "77", "78", "80");
    assertThat(result.toText())
        .contains("78 %   78.0 %  312 ms", " 8.5 %   -       49.9       2       broken: p99 312 ms")
        .contains("the knee is at 77 %: 78 % breaks p99=200ms (p99 312 ms)");
    Map<String, Object> json = JSON.std.mapFrom(JSON.std.asString(result.fields()));
    assertThat(json).containsEntry("knee", 77).containsEntry("atLeast", false);
    assertThat(json.get("steps").toString())
        .containsSubsequence("asked=75", "asked=80", "asked=77", "asked=78");
  }

  @Test
  void aSearchThatFailedHasTheStepsSoFarAndNoKnee() {
    KneeResult result = result(80);
    result.add(step(0, Outcome.KEPT, null, 10));
    assertThat(result.fields()).containsEntry("knee", null).containsEntry("atLeast", null);
    assertThat(result.fields().get("steps").toString()).contains("asked=0", "p99=10000");
    assertThat(result.toText()).contains("the knee is not known: the search did not end");
    assertThat(result.verdict().code()).isEqualTo(ExitCode.DONE); // the failure has the code
  }

  @Test
  void aLowerKneeThanExpectedIsShort() {
    assertThat(searched(77, Outcome.BROKEN).verdict().code()).isEqualTo(ExitCode.DONE);
    assertThat(searched(78, Outcome.BROKEN).verdict().code()).isEqualTo(ExitCode.SHORT);
    assertThat(searched(78, Outcome.BROKEN).verdict().sentence())
        .isEqualTo(
            "the knee is at 77 %: 78 % breaks p99=200ms (p99 312 ms), below the expected 78 %");
  }

  @Test
  void aBreachThatDidNotComeAgainIsShownAndIsNoBreach() {
    KneeResult result = result(0);
    Search search = new Search(12, 95, 95, 5);
    result.add(step(95, Outcome.BROKEN, "p99 900 ms", 900));
    search.add(95, Outcome.BROKEN);
    result.add(step(95, Outcome.KEPT, null, 100));
    search.add(95, Outcome.KEPT);
    result.end(search);
    assertThat(result.isAtLeast()).isTrue();
    assertThat(result.toText()).contains("broken: p99 900 ms", "the knee is at 95 % or more");
  }

  @Test
  void theLastMeasurementOfAShareNamesTheCause() {
    KneeResult result = result(0);
    Search search = new Search(12, 13, 13, 5);
    for (String cause : new String[] {"p99 900 ms", "p99 312 ms"}) {
      result.add(step(13, Outcome.BROKEN, cause, 312));
      search.add(13, Outcome.BROKEN);
    }
    result.end(search);
    assertThat(result.sentence()).endsWith("13 % breaks p99=200ms (p99 312 ms)");
  }

  @Test
  void aHeapThatCannotBeHeldIsNoBreach() {
    KneeResult refused = searched(0, Outcome.REFUSED);
    assertThat(refused.isAtLeast()).isTrue();
    assertThat(refused.sentence())
        .isEqualTo(
            "the knee is at 77 % or more: the heap cannot be held at 78 % (EXHAUSTED: floor)");
  }

  @Test
  void thePageHasTableAndCurvesAndNoTextThatActs() {
    String page = KneePage.of(searched(0, Outcome.BROKEN));
    assertThat(page)
        .contains("<h1>knee of JVM 1 for p99=200ms</h1>", "promise p99=200ms", "class=\"curve w2")
        .contains("the knee is at 77 %", "GC of the CPU time", "50/s requests")
        .contains("default-src 'none'; style-src 'sha256-")
        .doesNotContain("<script>", "\u001b", "{{", "NaN");
  }
}
