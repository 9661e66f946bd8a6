package io.allocmem.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryAreaTest {
  private static final ByteSize ODD = ByteSize.parse("5m");

  @ParameterizedTest
  @EnumSource(AreaKind.class)
  void givesBlocksOfExactlyTheSizeAndTheWholeOfItCanBeTouched(AreaKind kind) throws AreaExhausted {
    Block block = MemoryArea.of(kind).allocate(ODD);
    assertThat(block.committed()).isEqualTo(ODD.bytes());
    block.touch(0, ODD.bytes());
    block.release();
  }

  @Test
  void aHeapThatIsTooSmallIsExhaustedAndNothingWorse() {
    ByteSize more = ByteSize.ofBytes(Math.min(Runtime.getRuntime().maxMemory(), 8188L << 20));
    assertThatThrownBy(() -> MemoryArea.of(AreaKind.HEAP).allocate(more))
        .isInstanceOf(AreaExhausted.class)
        .hasMessage("no room for a block on the Java heap");
  }

  @Test
  void aSizeBeyondTheAddressSpaceExhaustsNativeMemory() {
    assertThatThrownBy(
            () -> MemoryArea.of(AreaKind.NATIVE).allocate(ByteSize.ofBytes(Long.MAX_VALUE >> 8)))
        .isInstanceOf(AreaExhausted.class)
        .hasMessage("the C library has no more memory");
  }
}
