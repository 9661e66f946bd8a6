package io.allocmem.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory by address, with the classes that this JDK would load from the jar. */
class OffHeapTest {
  private static final int MAJOR_OF_JAVA_1 = 44;

  @ParameterizedTest
  @CsvSource({"RawMemory, 9", "BufferCleaner, 17", "ObjectField, 17"})
  void theTestsUseTheTwinsForThisJdk(String name, int release) throws IOException {
    assertThat(majorOf(name)).isEqualTo(MAJOR_OF_JAVA_1 + release);
  }

  private static int majorOf(String name) throws IOException {
    try (DataInputStream file =
        new DataInputStream(OffHeap.class.getResourceAsStream(name + ".class"))) {
      file.readInt(); // magic number
      file.readUnsignedShort(); // minor version
      return file.readUnsignedShort();
    }
  }

  /** The JDK's own method, whose result has another type from JDK 25 on. */
  @Test
  void theHeaderOfAnArrayIsFoundByItsFirstElement() throws ReflectiveOperationException {
    Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
    Method base = type.getMethod("arrayBaseOffset", Class.class);
    Object unsafe = type.getMethod("getUnsafe").invoke(null);
    assertThat(((Number) base.invoke(unsafe, int[].class)).intValue()).isEqualTo(ArrayHeader.INTS);
  }

  @Test
  void writesAndReadsByAddress() {
    long address = OffHeap.allocate(Integer.BYTES);
    OffHeap.touch(address);
    assertThat(OffHeap.read(address)).isEqualTo(1);
    OffHeap.free(address);
  }

  @Test
  void findsAndFreesTheMemoryOfABuffer() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
    buffer.putInt(0, 42);
    assertThat(OffHeap.read(OffHeap.addressOf(buffer))).isEqualTo(42);
    OffHeap.free(buffer);
  }

  @Test
  void theLimitOfDirectMemoryIsKnown() {
    assertThat(OffHeap.maxDirectMemory()).isPositive();
  }
}
