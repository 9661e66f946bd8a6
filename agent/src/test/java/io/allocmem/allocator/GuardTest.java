package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.Block;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.control.AsciiLine;
import io.allocmem.control.Reading;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import io.allocmem.plan.HoldPlan;
import io.allocmem.readings.ProcessReadings;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guard of a plan in an area of 100 MiB; each test sets the usage. */
class GuardTest {
  private static final long MIB = 1L << 20;

  private PlanState state;
  private long used;
  private double classSpaceShare;

  private final MemoryArea area =
      new MemoryArea() {
        @Override
        public Block allocate(ByteSize size) {
          throw new AssertionError("nothing is taken here");
        }

        @Override
        public long capacity() {
          return 100 * MIB;
        }

        @Override
        public long used() {
          return used;
        }

        @Override
        public boolean isNearError(ByteSize block) {
          return used > 86 * MIB;
        }

        @Override
        public double nearestShare() {
          return classSpaceShare;
        }

        @Override
        public String nearestLimit() {
          return "the compressed class space";
        }

        @Override
        public String pagesUnavailable() {
          return null;
        }
      };

  private Guard guard(String arguments, boolean fatal) throws Exception {
    HoldPlan plan = AgentArguments.parse(arguments);
    state = new PlanState(plan);
    return new Guard(
        plan, area, new ProcessReadings(4096, AreaKind.HEAP), state, () -> fatal, new Clock());
  }

  @Test
  void aLimitIsComparedWithWhatIsHeldWhateverIsUsed() throws Exception {
    Guard guard = guard("x=10,m=4,a=direct", false);
    used = 99 * MIB;
    state.set(Reading.COMMITTED, 8 * MIB);
    assertThat(guard.isReached()).isFalse();
    state.set(Reading.COMMITTED, 12 * MIB);
    assertThat(guard.isReached()).isTrue();
    assertThat(guard.isTooMuch()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'x=10,m=4,a=direct', false, false",
    "'x=10,m=4,a=direct', true, true",
    "'x=10,m=4,a=direct,oom=allow', true, false",
    "'until=50%,m=4,a=direct', false, true",
    "'x=10,m=4,a=direct,keep-free=1', false, true"
  })
  void usageMattersUnlessALimitAloneEndsTheFilling(String plan, boolean fatal, boolean measures)
      throws Exception {
    assertThat(guard(plan, fatal).isMeasuring()).isEqualTo(measures);
  }

  @Test
  void aPlanThatFollowsUsageTakesWhatFitsAndGivesBackWhatIsOver() throws Exception {
    Guard guard = guard("until=85%,m=4,a=direct", false);
    used = 81 * MIB;
    assertThat(guard.isReached()).isFalse();
    used = 82 * MIB;
    assertThat(guard.isReached()).as("one more would be over").isTrue();
    used = 87 * MIB;
    assertThat(guard.isTooMuch()).as("within half a block").isFalse();
    used = 88 * MIB;
    assertThat(guard.isTooMuch()).isTrue();
  }

  /**
   * Pressure is the container's: an area with a larger limit of its own would fill the container.
   */
  @Test
  void aTargetOfPressureIsBoundedByTheContainerAndNotByTheArea() throws Exception {
    Guard guard = guard("until=psi:20%,m=4,a=direct", false);
    try (ProcessReadings process = new ProcessReadings(4096, AreaKind.DIRECT)) {
      assertThat(guard.target()).isEqualTo(share("97%", process.container().capacity()));
    }
    used = 100 * MIB;
    assertThat(guard.isFull()).as("the container has room").isFalse();
  }

  @Test
  void aTargetByEffectNamesWhatMustStayFree() throws Exception {
    Guard guard = guard("until=gc:25%", false);
    state.set(Reading.EFFECT_MEASURED, 229);
    AsciiLine line = new AsciiLine(400);
    guard.explainEffect(line);
    AsciiLine free = new AsciiLine(400);
    long max = Runtime.getRuntime().maxMemory();
    free.appendSize(max - share("95%", max));
    assertThat(text(line))
        .isEqualTo(
            "until=gc:25%%: measured 22.9 %%, and no further block: %s must stay free"
                .formatted(text(free)));
  }

  private static long share(String share, long capacity) throws Exception {
    return AgentArguments.parse("until=" + share).until().bytesOf(capacity);
  }

  private static String text(AsciiLine line) {
    return new String(line.buffer(), 0, line.length(), StandardCharsets.US_ASCII);
  }

  @Test
  void whatIsKeptFreeStaysFreeBeforeABlockAndGoesBackAfterwards() throws Exception {
    Guard guard = guard("x=0,m=4,keep-free=10%,a=direct", false);
    used = 85 * MIB;
    assertThat(guard.hasRoom()).isTrue();
    used = 86 * MIB;
    assertThat(guard.hasRoom()).as("a slack for what others take meanwhile").isFalse();
    used = 89 * MIB;
    assertThat(guard.isTooMuch()).isFalse();
    AsciiLine line = new AsciiLine(400);
    guard.explain(line);
    assertThat(text(line))
        .startsWith("keep-free: 11 MiB free, 14.8 MiB wanted, of the 100 MiB of direct memory; ")
        .matches(".*; [0-9.]+ .iB free, [0-9.]+ .iB wanted, of the .* of the (container|machine)");
    used = 90 * MIB;
    assertThat(guard.isTooMuch()).isTrue();
  }

  @Test
  void whereAnErrorIsFatalAPlanStaysAwayFromItUnlessItIsAllowed() throws Exception {
    String plan = "x=50,m=4,a=metaspace";
    used = 86 * MIB;
    assertThat(guard(plan, true).hasRoom()).isTrue();
    used = 87 * MIB;
    assertThat(guard(plan, true).hasRoom()).isFalse();
    assertThat(guard(plan, false).hasRoom()).isTrue();
    assertThat(guard(plan + ",oom=allow", true).hasRoom()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"agent, oom=allow", "launcher, --oom allow"})
  void theRemedyHasTheWordsOfTheSideThatStartedThePlan(String side, String remedy)
      throws Exception {
    used = 87 * MIB;
    Guard guard = guard("x=50,m=4,a=metaspace,words=" + side, true);
    AsciiLine line = new AsciiLine(400);
    guard.explain(line);
    assertThat(text(line)).endsWith("use smaller blocks, or accept the risk with " + remedy);
  }

  @Test
  void ofMetaspaceTheLimitThatIsNearestCounts() throws Exception {
    Guard guard = guard("until=85%,m=1,a=metaspace", false);
    Guard keepsFree = guard("x=0,keep-free=10%,m=1,a=metaspace", false);
    used = 20 * MIB;
    classSpaceShare = 0.5;
    assertThat(guard.isReached()).isFalse();
    assertThat(keepsFree.hasRoom()).isTrue();
    classSpaceShare = 0.9;
    assertThat(guard.isReached()).isTrue();
    assertThat(guard.isTooMuch()).isTrue();
    assertThat(keepsFree.hasRoom()).isFalse();
    AsciiLine line = new AsciiLine(400);
    keepsFree.explain(line);
    assertThat(text(line)).startsWith("keep-free: 90 % of the compressed class space used; ");
  }

  @ParameterizedTest
  @CsvSource({"1m, true", "100%, false", "9007199254740991k, false"})
  void aReserveStaysFreeInTheContainerHoweverLarge(String reserve, boolean room) throws Exception {
    assertThat(guard("x=0,m=1,keep-free=1,reserve=" + reserve, false).hasRoom()).isEqualTo(room);
  }

  @Test
  void aFlagThatIsSetLaterCountsFromThenOn() throws Exception {
    AtomicBoolean flag = new AtomicBoolean();
    Clock clock = new Clock();
    HoldPlan plan = AgentArguments.parse("x=50,m=4,a=metaspace");
    PlanState state = new PlanState(plan);
    Guard guard =
        new Guard(plan, area, new ProcessReadings(4096, AreaKind.HEAP), state, flag::get, clock);
    used = 99 * MIB;
    flag.set(true);
    assertThat(guard.hasRoom()).as("it is asked for once a second").isTrue();
    clock.park(1_000_000_000);
    assertThat(guard.hasRoom()).isFalse();
    assertThat(guard.isTooMuch()).isTrue();
    flag.set(false);
    clock.park(1_000_000_000);
    assertThat(guard.hasRoom()).isTrue();
  }

  /**
   * Released classes count as used until the JVM unloads the classes; a collection alone does not.
   */
  @Test
  void ofClassesTheNextBlockGoesBackWhenTheLastOneShows() throws Exception {
    Guard guard = guard("until=50%,m=4,a=metaspace", false);
    used = 90 * MIB;
    assertThat(guard.isTooMuch()).isTrue();
    guard.released();
    assertThat(guard.isTooMuch()).isFalse();
    used = 86 * MIB;
    assertThat(guard.isTooMuch()).isTrue();
  }
}
