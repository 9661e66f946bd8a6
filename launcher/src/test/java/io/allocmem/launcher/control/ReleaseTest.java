package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.plan.AreaKind;
import org.junit.jupiter.api.Test;

class ReleaseTest {
  private static final long MIB = 1L << 20;

  /** Keeps metaspace only. */
  private static final Kept KEPT =
      new Kept() {
        @Override
        public String blocksOf(AreaKind area) {
          return area == AreaKind.METASPACE ? "metaspace stays" : null;
        }

        @Override
        public String freeHeap() {
          return "reason of the JVM";
        }
      };

  private final Readings held = readings(Reading.RSS, 400, Reading.HEAP_LIVE, 210);

  @Test
  void nativeMemoryThatDidNotComeBackIsAProblem() throws InvalidArguments {
    Release release = released(false, "a=native", 100, readings());
    release.judge(400 * MIB, KEPT);
    assertThat(release.problems())
        .singleElement()
        .asString()
        .startsWith("memory did not come back in full: RSS is 400 MiB, expected 300 MiB");
  }

  @Test
  void aCollectionThatRaisesRssDoesNotTurnTheVerdict() throws InvalidArguments {
    Readings over = readings(Reading.RSS_RELEASED, 302, Reading.HEAP_LIVE, 10);
    Release release = released(true, "a=native", 100, over);
    release.judge(450 * MIB, KEPT);
    assertThat(release.problems()).isEmpty();
    assertThat(release.notes()).containsExactly("the collection itself raised RSS by 148 MiB");
  }

  @Test
  void rssThatStaysBesideAnEmptyHeapIsANoteWithTheReason() throws InvalidArguments {
    Release release = released(true, "a=heap", 200, readings(Reading.HEAP_LIVE, 10));
    release.judge(400 * MIB, KEPT);
    assertThat(release.problems()).isEmpty();
    assertThat(release.notes()).containsExactly("RSS stays at 400 MiB: reason of the JVM");
  }

  @Test
  void blocksThatStayOnTheHeapAreAProblem() throws InvalidArguments {
    Release release = released(true, "a=objects", 200, readings(Reading.HEAP_LIVE, 210));
    release.judge(400 * MIB, KEPT);
    assertThat(release.problems())
        .singleElement()
        .asString()
        .startsWith("memory did not come back in full: heap live is 210 MiB, expected 10 MiB");
  }

  @Test
  void memoryThatNeverComesBackIsAProblemWithTheReason() throws InvalidArguments {
    Release release = released(true, "a=metaspace", 20, readings(Reading.HEAP_LIVE, 210));
    release.judge(400 * MIB, KEPT);
    assertThat(release.problems()).containsExactly("metaspace stays");
  }

  @Test
  void aJvmWithoutFiguresOfCollectionsIsNotJudged() throws InvalidArguments {
    Readings over = readings();
    over.set(Reading.COLLECTIONS, Reading.UNKNOWN);
    Release release = released(true, "a=heap", 200, over);
    release.judge(200 * MIB, KEPT);
    assertThat(release.problems()).isEmpty();
    assertThat(release.notes()).containsExactly("not checked: this JVM reports no collections");
  }

  @Test
  void plansOnAndOffTheHeapAreJudgedTogether() throws InvalidArguments {
    Release release = new Release(1, held, true);
    add(release, "a=native", 100, readings(), false);
    add(release, "a=heap", 200, readings(Reading.RSS_RELEASED, 305, Reading.HEAP_LIVE, 12), true);
    release.judge(110 * MIB, KEPT);
    assertThat(release.problems()).isEmpty();
    assertThat(release.notes()).isEmpty();
  }

  @Test
  void aContainerThatKeepsPageCacheIsANoteWithTheReason() throws InvalidArguments {
    held.set(Reading.CONTAINER_USED, 450 * MIB);
    Readings over = readings(Reading.RSS_RELEASED, 300, Reading.CONTAINER_USED, 440);
    Release release = released(false, "a=mapped", 100, over);
    release.judge(300 * MIB, KEPT);
    assertThat(release.problems()).isEmpty();
    assertThat(release.notes())
        .containsExactly(
            "usage of the container stays at 440 MiB: the kernel keeps page cache until memory is short");
  }

  @Test
  void withoutAnAnswerToTheRequestTheHeapIsNotJudged() throws InvalidArguments {
    Release release = new Release(1, held, true);
    add(release, "a=heap", 200, readings(), false);
    release.judge(400 * MIB, KEPT);
    assertThat(release.problems()).isEmpty();
    assertThat(release.notes()).singleElement().asString().contains("after the next collection");
  }

  private Release released(boolean collect, String area, long mib, Readings over)
      throws InvalidArguments {
    Release release = new Release(1, held, collect);
    add(release, area, mib, over, true);
    return release;
  }

  private static void add(Release release, String area, long mib, Readings over, boolean last)
      throws InvalidArguments {
    Readings plan = readings(Reading.COMMITTED, mib, Reading.TOUCHED, mib, Reading.RESIDENT, mib);
    release.add("default", AgentArguments.parse("x=1," + area), plan, over, last);
  }

  /** Returns readings with one collection, and pairs of a reading and its MiB. */
  private static Readings readings(Object... pairs) {
    Readings readings = new Readings();
    readings.set(Reading.COLLECTIONS, 1);
    for (int i = 0; i < pairs.length; i += 2) {
      readings.set((Reading) pairs[i], ((Number) pairs[i + 1]).longValue() * MIB);
    }
    return readings;
  }
}
