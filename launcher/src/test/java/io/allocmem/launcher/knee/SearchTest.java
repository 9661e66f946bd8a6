package io.allocmem.launcher.knee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SearchTest {
  /**
   * Runs a search against a service that keeps its promise up to a share.
   *
   * @param measured receives each share; a share that is measured twice, once
   */
  private static Search run(Search search, int knee, Outcome above, List<Integer> measured) {
    int most = search.most();
    while (!search.isOver()) {
      int share = search.next();
      if (search.isDoubted()) {
        assertThat(share).isEqualTo(measured.get(measured.size() - 1)).isGreaterThan(knee);
      } else {
        assertThat(measured).doesNotContain(share);
        measured.add(share);
      }
      search.add(share, share <= knee ? Outcome.KEPT : above);
    }
    assertThat(measured.size()).as("at most as announced").isLessThanOrEqualTo(most);
    return search;
  }

  /** Each monotone service has its knee found to the point, whatever the steps. */
  @ParameterizedTest
  @CsvSource({"0,40,95,5", "12,40,95,5", "47,40,95,5", "3,60,61,1", "5,50,90,7", "0,1,99,98"})
  void findsTheKneeOfEachMonotoneService(int live, int from, int to, int step) {
    for (int knee = live; knee <= 100; knee++) {
      for (Outcome above : new Outcome[] {Outcome.BROKEN, Outcome.STOPPED, Outcome.REFUSED}) {
        List<Integer> measured = new ArrayList<>();
        Search over = run(new Search(live, from, to, step), knee, above, measured);
        assertThat(over.good()).isEqualTo(Math.min(knee, to));
        assertThat(over.reason()).isEqualTo(knee < to ? above : null);
        assertThat(measured).allMatch(share -> share > live && share <= to);
      }
    }
  }

  @Test
  void climbsByStepsAndHalvesAfterTheFirstBreach() {
    List<Integer> measured = new ArrayList<>();
    Search over = run(new Search(10, 40, 95, 20), 72, Outcome.BROKEN, measured);
    assertThat(measured).containsExactly(40, 60, 80, 70, 75, 72, 73);
    assertThat(over.bad()).isEqualTo(73);
  }

  /** What broke the promise once and cannot be held again is no success. */
  @Test
  void aBreachThatCannotBeHeldAgainCounts() {
    Search search = new Search(10, 40, 95, 5);
    search.add(40, Outcome.KEPT);
    search.add(45, Outcome.BROKEN);
    search.add(45, Outcome.REFUSED);
    assertThat(search.isDoubted()).isFalse();
    assertThat(search.bad()).isEqualTo(45);
    assertThat(search.reason()).isEqualTo(Outcome.BROKEN);
  }

  @Test
  void aSingleBreachEndsNoClimb() {
    Search search = new Search(10, 40, 50, 5);
    search.add(40, Outcome.BROKEN);
    assertThat(search.isDoubted()).isTrue();
    assertThat(search.next()).isEqualTo(40);
    search.add(40, Outcome.KEPT);
    assertThat(search.isDoubted()).isFalse();
    assertThat(search.next()).isEqualTo(45);
    search.add(45, Outcome.BROKEN);
    search.add(45, Outcome.BROKEN);
    assertThat(search.next()).as("between 40 and 45").isEqualTo(42);
  }

  /** A breach that the agent has stopped is no moment of the machine, nor is a full heap. */
  @ParameterizedTest
  @EnumSource(names = {"STOPPED", "REFUSED"})
  void aStopAndARefusalAreNotTriedAgain(Outcome outcome) {
    Search search = new Search(10, 40, 50, 5);
    search.add(40, outcome);
    assertThat(search.isDoubted()).isFalse();
    assertThat(search.next()).isEqualTo(25);
    assertThat(search.reason()).isEqualTo(outcome);
  }

  @Test
  void theLastShareIsMeasuredEvenBetweenTwoSteps() {
    List<Integer> measured = new ArrayList<>();
    run(new Search(10, 40, 95, 20), 100, Outcome.BROKEN, measured);
    assertThat(measured).containsExactly(40, 60, 80, 95);
  }

  @Test
  void aLiveHeapAboveTheFirstShareBeginsWithTheNextStep() {
    assertThat(new Search(47, 40, 95, 5).next()).isEqualTo(50);
    assertThat(new Search(50, 40, 95, 5).next()).isEqualTo(55);
    assertThat(new Search(93, 40, 95, 5).next()).isEqualTo(95);
  }
}
