package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
  @ParameterizedTest
  @CsvSource({"3,I386", "62,AMD64", "183,AARCH64", "22,", "256,"})
  void theNumberOfTheHeaderIsReadInItsByteOrder(short number, Machine machine) {
    assertThat(Machine.in(header(number, 1, ByteOrder.LITTLE_ENDIAN))).isEqualTo(machine);
    assertThat(Machine.in(header(number, 2, ByteOrder.BIG_ENDIAN))).isEqualTo(machine);
  }

  private static byte[] header(short number, int order, ByteOrder bytes) {
    ByteBuffer header = ByteBuffer.allocate(20).order(ByteOrder.BIG_ENDIAN).putInt(0x7f454c46);
    return header.put(5, (byte) order).order(bytes).putShort(18, number).array();
  }

  @Test
  void aFileOfAnotherKindHasNoMachine() {
    assertThat(Machine.in("#!/bin/sh\nexec something\n".getBytes())).isNull();
    assertThat(Machine.in(new byte[0])).isNull();
  }

  @Test
  void thePageLibrariesAreMadeForTheMachinesThatTheyAreNamedAfter() throws IOException {
    for (Machine machine : new Machine[] {Machine.AMD64, Machine.AARCH64}) {
      String name = machine.name().toLowerCase(java.util.Locale.ROOT);
      Path library =
          Path.of("../agent/src/main/resources/io/allocmem/pages/allocmem-pages-" + name + ".so");
      assertThat(Machine.in(Files.readAllBytes(library))).isEqualTo(machine);
    }
  }

  @Test
  void thisJvmAndItsCallsAreOfThisMachine() {
    assumeThat(LinuxProcess.isSupported()).isTrue();
    LinuxProcess self = LinuxProcess.self();
    assertThat(Machine.ofJvm(self)).isEqualTo(System.getProperty("os.arch"));
    assertThat(Machine.ofCalls(self)).isNotNull();
  }
}
