package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.area.Block;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Order of blocks, from both ends. */
class BlockRingTest {
  private record Numbered(long committed) implements Block {
    @Override
    public void touch(long from, long to) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void drop(long from, long to) {
      throw new AssertionError("not asked for");
    }

    @Override
    public long resident(long from, long to) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void release() {
      throw new AssertionError("not asked for");
    }
  }

  @Test
  void keepsTheOrderWhicheverEndIsReleased() {
    Random random = new Random(3);
    BlockRing ring = new BlockRing();
    Deque<Block> expected = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      int dice = random.nextInt(10);
      boolean grows = i % 2000 < 1000 ? dice < 7 : dice < 3;
      if (grows || expected.isEmpty()) {
        Block block = new Numbered(i);
        ring.reserve(1);
        ring.add(block);
        expected.addLast(block);
      } else if (dice % 2 == 0) {
        assertThat(ring.removeOldest()).isSameAs(expected.removeFirst());
      } else {
        assertThat(ring.removeNewest()).isSameAs(expected.removeLast());
      }
      assertThat(ring.size()).isEqualTo(expected.size());
    }
    int index = 0;
    for (Block block : expected) {
      assertThat(ring.get(index++)).isSameAs(block);
    }
  }
}
