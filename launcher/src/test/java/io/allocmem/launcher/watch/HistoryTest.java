package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Distribution of samples to columns. */
class HistoryTest {
  private final History history = new History(100);

  private List<Long> rss(int columns) {
    return history.columns(columns).stream().map(look -> look.get(Reading.RSS)).toList();
  }

  private void add(long millis, long rss) {
    history.add(WatchViewTest.sample(millis, rss));
  }

  @Test
  void givesEachLookAColumnWhileThereAreSome() {
    add(1000, 1);
    add(1103, 2); // later than the sampling interval
    add(1196, 3); // earlier than the sampling interval
    assertThat(rss(10)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void fillsWhatWasNotSeenWithTheLookBefore() {
    add(0, 1);
    add(300, 2);
    assertThat(rss(10)).containsExactly(1L, 1L, 1L, 2L);
  }

  @Test
  void doublesTheTimeOfAColumnWhenTheyAreFull() {
    for (int look = 0; look < 8; look++) {
      add(look * 100, look);
    }
    assertThat(rss(8)).hasSize(8);
    assertThat(rss(5)).containsExactly(0L, 2L, 4L, 6L, 7L);
    assertThat(rss(1)).containsExactly(7L);
  }

  @Test
  void staysSmallAndKeepsItsEnds() {
    for (int look = 0; look < 100_000; look++) {
      add(look * 100, look);
    }
    assertThat(history.first().get(Reading.RSS)).isZero();
    assertThat(history.last().get(Reading.RSS)).isEqualTo(99_999);
    assertThat(rss(50)).hasSizeBetween(25, 50).isSorted();
    assertThat(history.before(10_000).get(Reading.RSS)).isBetween(99_800L, 99_900L);
  }
}
