package io.allocmem.launcher.area;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.area.FillRatioTable.Row;
import io.allocmem.launcher.fixtures.Collector;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Resident bytes of three waiting plans, compared with the fill ratio.
 *
 * @param prefix beginning of the plans' names, before the size of a block in MiB
 * @param total MiB of each plan, rounded up to whole blocks
 * @param patience time limit of an exact count
 * @param steady duration of an exact count after a collection
 * @param table gets each error
 */
record FillRatioCase(
    Row row,
    Collector collector,
    Target target,
    String prefix,
    int total,
    String fill,
    Duration patience,
    Duration steady,
    FillRatioTable table) {
  /** Sizes of a block in MiB. */
  static final List<Integer> BLOCKS = List.of(1, 3, 100);

  private static final long MIB = 1L << 20;

  /** The plan's count is exact at the moment of the last block, and so is the kernel's count. */
  void fillAndCheck() {
    for (int mib : BLOCKS) {
      Status full = Plans.fill(target, name(mib));
      assertThat(full.get(Reading.RESIDENT))
          .isBetween(asked(mib) - allowed(mib), asked(mib) + allowed(mib));
      check(List.of(mib), "after filling", Duration.ZERO);
    }
  }

  void collectAndCheck() {
    for (int round = 0; round < 3; round++) {
      assertThat(target.ask("gc")).isEqualTo("collected");
    }
    check(BLOCKS, "after three collections");
  }

  /** Waits until all plans of these blocks are exact for a while, at the same time. */
  void check(List<Integer> blocks, String when) {
    check(blocks, when, steady);
  }

  private void check(List<Integer> blocks, String when, Duration during) {
    List<Long> resident =
        Awaitility.await("JDK %s %s m=%s f=%s %s".formatted(row, collector, blocks, fill, when))
            .during(during)
            .atMost(Patience.of(patience))
            .until(() -> blocks.stream().map(this::resident).toList(), now -> fits(blocks, now));
    for (int i = 0; i < blocks.size(); i++) {
      table.add(row, collector, error(blocks.get(i), resident.get(i)) / held(blocks.get(i)));
    }
  }

  private long resident(int mib) {
    return Long.parseLong(target.ask("resident " + name(mib)));
  }

  private boolean fits(List<Integer> blocks, List<Long> resident) {
    return IntStream.range(0, blocks.size())
        .allMatch(i -> error(blocks.get(i), resident.get(i)) <= allowed(blocks.get(i)));
  }

  private double error(int mib, long resident) {
    return Math.abs(resident - asked(mib));
  }

  void checkContents() {
    for (int mib : BLOCKS) {
      long touched = (long) (mib * MIB * Double.parseDouble(fill));
      assertThat(target.ask("contents " + name(mib) + " " + touched))
          .isEqualTo(blocks(mib) + " arrays, 0 wrong");
    }
  }

  private String name(int mib) {
    return prefix + "b" + mib;
  }

  private long asked(int mib) {
    return (long) (held(mib) * Double.parseDouble(fill));
  }

  /** Tolerance: 1 %, and two pages a block. */
  private long allowed(int mib) {
    return held(mib) / 100 + 2 * 4096 * blocks(mib);
  }

  private long held(int mib) {
    return blocks(mib) * mib * MIB;
  }

  private long blocks(int mib) {
    return (total + mib - 1) / mib;
  }
}
