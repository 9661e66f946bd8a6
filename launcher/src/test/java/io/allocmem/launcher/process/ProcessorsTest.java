package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0;1", "0-1;2", "0-3,8;5", "1,3,5-6;4", "x;-1", "0-;-1", "3-1;0"})
  void aListOfTheKernelIsCounted(String list, int processors) {
    assertThat(Processors.count(list)).isEqualTo(processors);
  }

  @Test
  void thisProcessHasAtLeastTheProcessorsOfItsJvm() {
    assertThat(Processors.of(ProcessHandle.current().pid()))
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void aMissingProcessHasNoKnownProcessors() {
    assertThat(Processors.of(Integer.MAX_VALUE)).isEqualTo(-1);
  }
}
