package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit status of a process that is no child of the launcher. */
class ExitStatusTest {
  private static String stat(String name, String state, int status) {
    return "12 (" + name + ") " + state + " 0".repeat(48) + " " + status + "\n";
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "256, 1", "768, 3", "36608, 143", "9, 137", "15, 143", "134, 134"})
  void theStatusOfWaitpidIsTheExitCodeOfTheShell(int status, int code) {
    assertThat(ExitStatus.in(stat("java", "Z", status))).hasValue(code);
    assertThat(ExitStatus.in(stat("a) Z (b c", "Z", status))).hasValue(code);
  }

  @Test
  void aRunningProcessAndAnotherTextHaveNoStatus() {
    assertThat(ExitStatus.in(stat("java", "S", 0))).isEmpty();
    assertThat(ExitStatus.in("12 (java) Z 1 1")).isEmpty();
    assertThat(ExitStatus.in("")).isEqualTo(OptionalInt.empty());
    assertThat(ExitStatus.of(ProcessHandle.current().pid())).isEmpty();
    assertThat(ExitStatus.of(Integer.MAX_VALUE)).isEmpty();
  }
}
