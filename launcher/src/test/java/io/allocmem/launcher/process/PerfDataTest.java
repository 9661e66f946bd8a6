package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Performance data with one number and one text, in both byte orders, valid and damaged. */
class PerfDataTest {
  private static byte[] file(ByteOrder order) {
    ByteBuffer file = ByteBuffer.allocate(128);
    file.putInt(0xcafec0c0).put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 0));
    file.put((byte) 2).put((byte) 0).put((byte) 1).order(order);
    file.putInt(24, 32).putInt(28, 2);
    file.putInt(32, 40).putInt(36, 20).putInt(40, 0).put(44, (byte) 'J').putInt(48, 32);
    file.put(52, "n.max\0".getBytes(StandardCharsets.UTF_8)).putLong(64, 1_999_993);
    file.putInt(72, 48).putInt(76, 20).putInt(80, 8).put(84, (byte) 'B').putInt(88, 32);
    file.put(92, "n.name\0".getBytes(StandardCharsets.UTF_8));
    file.put(104, "Serial\0".getBytes(StandardCharsets.UTF_8));
    return file.array();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isReadInEitherByteOrder(boolean little) {
    PerfData data =
        PerfData.parse(file(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)).orElseThrow();
    assertThat(data.number("n.max")).isEqualTo(1_999_993);
    assertThat(data.text("n.name")).isEqualTo("Serial");
    assertThat(data.text("n.max")).isEmpty();
    assertThat(data.number("n.name")).isZero();
    assertThat(data.number("none")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 31, 40, 64, 70, 90, 108})
  void isEmptyWhenCutShort(int length) {
    byte[] cut = Arrays.copyOf(file(ByteOrder.LITTLE_ENDIAN), length);
    assertThat(PerfData.parse(cut)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 7})
  void isEmptyWhenItIsNoSuchFileOrNotFilledYet(int at) {
    byte[] other = file(ByteOrder.BIG_ENDIAN);
    other[at] = 0;
    assertThat(PerfData.parse(other)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -40})
  void endsWhereAnEntryHasNoLength(int length) {
    byte[] damaged = file(ByteOrder.BIG_ENDIAN);
    ByteBuffer.wrap(damaged).putInt(32, length).putInt(28, Integer.MAX_VALUE);
    assertThat(PerfData.parse(damaged)).isEmpty();
  }
}
