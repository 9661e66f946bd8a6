package io.allocmem.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.pages.PageLibrary;
import io.allocmem.pages.Pages;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryAreaTest {
  private static final ByteSize ODD = ByteSize.parse("5m");

  @TempDir private static Path directory;
  private final Pages pages = PageLibrary.find(directory.resolve("agent.jar"), directory);

  private MemoryArea area(AreaKind kind, ByteSize block, double fill) {
    try {
      return MemoryArea.of(
          AgentArguments.parse("x=1,a=%s,m=%s,f=%s".formatted(kind, block, fill)),
          pages,
          object -> 24);
    } catch (InvalidArguments | IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("sparseKinds")
  void givesBlocksOfExactlyTheSizeAndTheWholeOfItCanBeTouched(AreaKind kind) throws AreaExhausted {
    Block block = area(kind, ODD, 1).allocate(ODD);
    assertThat(block.committed()).isEqualTo(ODD.bytes());
    block.touch(0, ODD.bytes());
    assertThat(block.resident(0, ODD.bytes())).isEqualTo(ODD.bytes());
    block.release();
  }

  static Stream<AreaKind> sparseKinds() {
    return Arrays.stream(AreaKind.values())
        // the JVM itself uses the top of a stack
        .filter(kind -> kind.canBeSparse() && kind != AreaKind.STACK);
  }

  static Stream<Arguments> kindsSizesAndShares() {
    return sparseKinds()
        .flatMap(
            kind ->
                Stream.of("4k", "5k", "64k", "1m", "3m", "100m")
                    .flatMap(
                        size ->
                            Stream.of(0.0, 0.001, 0.25, 0.999, 1.0)
                                .map(share -> Arguments.of(kind, ByteSize.parse(size), share))));
  }

  /** Tolerance: the kernel counts whole pages, and a block shares a page with each neighbour. */
  @ParameterizedTest
  @MethodSource("kindsSizesAndShares")
  void whatIsTouchedIsResidentAndTheRestIsNot(AreaKind kind, ByteSize size, double share)
      throws AreaExhausted {
    Block block = area(kind, size, share).allocate(size);
    long touched = (long) (size.bytes() * share);
    block.touch(0, touched);
    block.drop(touched, size.bytes());
    long pagesTouched = (touched + MemoryArea.PAGE_SIZE - 1) / MemoryArea.PAGE_SIZE;
    assertThat(block.resident(0, size.bytes()) / MemoryArea.PAGE_SIZE)
        .isBetween(pagesTouched - 1, pagesTouched + 2);
    block.release();
  }

  @ParameterizedTest
  @MethodSource("sparseKinds")
  void whatWasGivenBackCanBeTouchedAgain(AreaKind kind) throws AreaExhausted {
    Block block = area(kind, ODD, 1).allocate(ODD);
    block.touch(0, ODD.bytes());
    block.drop(0, ODD.bytes());
    assertThat(block.resident(0, ODD.bytes())).isLessThanOrEqualTo(MemoryArea.PAGE_SIZE);
    block.touch(0, ODD.bytes());
    assertThat(block.resident(0, ODD.bytes())).isEqualTo(ODD.bytes());
    block.release();
  }

  @Test
  void objectsAreAsManyAsTheBlockTakesAndMetaspaceGrowsByIt() throws AreaExhausted {
    long nodes = (ODD.bytes() + 23) / 24;
    assertThat(area(AreaKind.OBJECTS, ODD, 1).allocate(ODD).committed()).isEqualTo(nodes * 24);
    assertThat(area(AreaKind.METASPACE, ODD, 1).allocate(ODD).committed())
        .isBetween(ODD.bytes(), ODD.bytes() + (1 << 14));
  }

  @Test
  void aStackIsUsedToTheDepthOfTheFillRatioAndItsThreadEnds() throws AreaExhausted {
    ByteSize size = ByteSize.parse("8m");
    Block block = area(AreaKind.STACK, size, 0.25).allocate(size);
    assertThat(block.resident(0, size.bytes())).isBetween(2L << 20, (2L << 20) + (1 << 16));
    assertThat(threads()).isOne();
    block.release();
    assertThat(threads()).isZero();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("allocmem-stack"))
        .count();
  }

  @Test
  void aHeapThatIsTooSmallIsExhaustedAndNothingWorse() {
    ByteSize more = ByteSize.ofBytes(Math.min(Runtime.getRuntime().maxMemory(), 8188L << 20));
    assertThatThrownBy(() -> area(AreaKind.HEAP, ODD, 1).allocate(more))
        .isInstanceOf(AreaExhausted.class)
        .hasMessage("no room for a block on the Java heap");
  }

  @Test
  void aSizeBeyondTheAddressSpaceExhaustsNativeMemory() {
    ByteSize more = ByteSize.ofBytes(Long.MAX_VALUE >> 8);
    assertThatThrownBy(() -> area(AreaKind.NATIVE, ODD, 1).allocate(more))
        .isInstanceOf(AreaExhausted.class)
        .hasMessage("the C library has no more memory");
  }
}
