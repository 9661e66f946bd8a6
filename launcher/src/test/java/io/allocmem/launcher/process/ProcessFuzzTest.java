package io.allocmem.launcher.process;

import static io.allocmem.launcher.fixtures.Fuzz.once;
import static io.allocmem.launcher.fixtures.Fuzz.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Fuzz;
import io.allocmem.options.StartOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Texts written by a process, or by the kernel with names of the process: the launcher reads or
 * rejects the text.
 */
class ProcessFuzzTest {
  private static final List<String> TEXTS =
      List.of(
          "java.rt.vmArgs", "-Xmx1g -XX:+ExitOnOutOfMemoryError -XX:OnOutOfMemoryError=kill -9 %p",
          "java.rt.vmFlags", "MaxMetaspaceSize=64m UseSerialGC",
          "java.property.java.version", "17.0.15",
          "sun.rt.javaCommand", "com.example.Service --port 80");

  private static final String MAPS =
      "7f0000000000-7f0001000000 r-xp 00000000 08:01 42   /usr/lib/jvm/x/lib/server/libjvm.so";

  private static final String MOUNTS =
      """
      22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      23 22 0:21 / /tmp rw,nosuid,noexec - tmpfs tmpfs rw
      """;

  private static final String COMMAND =
      "java\0-Xmx1g\0-cp\0/a:/b\0--add-opens\0java.base/java.lang=ALL-UNNAMED\0-m\0shop/p.Main\0x";

  private long parsed;

  @Test
  void performanceDataIsReadOrIsNone() {
    Fuzz.rounds(200_000, this::tryPerformanceData);
    assertThat(parsed).as("files that were read").isPositive();
  }

  private void tryPerformanceData(SplittableRandom random) {
    byte[] valid = performanceData(one(random, ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN));
    byte[] bytes = once(random, 20) ? valid : Fuzz.mutated(random, valid);
    Optional<PerfData> data = PerfData.parse(bytes);
    if (data.isEmpty()) {
      assertThat(bytes).as("a valid file was not read").isNotSameAs(valid);
      return;
    }
    parsed++;
    if (bytes == valid) {
      assertThat(data.get().text("java.rt.vmArgs")).isEqualTo(TEXTS.get(1));
      assertThat(data.get().number("n.max")).isEqualTo(1_999_993);
    }
    ask(StartOptions.listed(ForeignOptions.listed(data.get()), List.of()));
  }

  private static void ask(StartOptions options) {
    options.fatal().forEach(Fuzz::requireShort);
    options.isOn("UseSerialGC");
    options.isOff("EnableDynamicAgentLoading");
    options.size("-Xmx", "-XX:MaxHeapSize=", "-XX:MaxMetaspaceSize=");
  }

  private static byte[] performanceData(ByteOrder order) {
    ByteBuffer file = ByteBuffer.allocate(1024);
    file.putInt(0xcafec0c0).put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 0));
    file.put((byte) 2).put((byte) 0).put((byte) 1).order(order);
    file.putInt(24, 32).putInt(28, TEXTS.size() / 2 + 1);
    int at = 32;
    at = entry(file, at, "n.max", null);
    for (int i = 0; i < TEXTS.size(); i += 2) {
      at = entry(file, at, TEXTS.get(i), TEXTS.get(i + 1));
    }
    return file.array();
  }

  /**
   * Writes a text entry, or a number entry without a text. Returns the offset of the next entry.
   */
  private static int entry(ByteBuffer file, int at, String name, String text) {
    byte[] key = (name + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] value = (text + "\0").getBytes(StandardCharsets.UTF_8);
    int data = 20 + (key.length + 7) / 8 * 8;
    int length = (data + (text == null ? 8 : value.length) + 7) / 8 * 8;
    file.putInt(at, length).putInt(at + 4, 20).putInt(at + 8, text == null ? 0 : value.length);
    file.put(at + 12, (byte) (text == null ? 'J' : 'B')).putInt(at + 16, data);
    file.put(at + 20, key);
    if (text == null) {
      file.putLong(at + data, 1_999_993);
    } else {
      file.put(at + data, value);
    }
    return at + length;
  }

  @Test
  void textsOfProcAreReadOrAreNone() {
    assertThat(JvmLibrary.in(MAPS)).isPresent();
    assertThat(Mounts.in(MOUNTS).isNoexec(Path.of("/tmp/x"))).isTrue();
    assertThat(mainOf(COMMAND)).isEqualTo("shop/p.Main");
    Fuzz.rounds(200_000, ProcessFuzzTest::tryTexts);
  }

  private static void tryTexts(SplittableRandom random) {
    JvmLibrary.in(Fuzz.mutated(random, MAPS));
    Mounts.in(Fuzz.mutated(random, MOUNTS)).isNoexec(Path.of("/tmp/x"));
    String main = mainOf(Fuzz.mutated(random, COMMAND));
    assertThat(main).isNotNull();
  }

  /** Each option file has the content of the command line. */
  private static String mainOf(String command) {
    List<String> line = List.of(command.split("\0"));
    return StartOptions.of(line, Map.of(), 17, path -> command.getBytes(StandardCharsets.UTF_8))
        .main();
  }
}
