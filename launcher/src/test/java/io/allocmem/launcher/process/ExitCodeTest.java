package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One exit code for several JVMs. */
class ExitCodeTest {
  /** From best to worst, as in the documentation. */
  private static final List<Integer> ORDER = List.of(0, 3, 6, 2, 1, 4, 5, 141);

  @Test
  void aScriptThatAcceptsACodeOverlooksNoWorseCode() {
    Stream<ExitCode> byNumber = Arrays.stream(ExitCode.values());
    assertThat(byNumber.sorted(ExitCodeTest::compare).map(ExitCode::number).toList())
        .isEqualTo(ORDER);
  }

  private static int compare(ExitCode one, ExitCode other) {
    return one == other ? 0 : ExitCode.worst(one, other) == other ? -1 : 1;
  }

  @ParameterizedTest
  @EnumSource
  void eachCodeHasAPlaceInTheOrder(ExitCode code) {
    assertThat(ExitCode.worst(code, ExitCode.DONE)).isEqualTo(code);
    assertThat(ExitCode.worst(ExitCode.DONE, code)).isEqualTo(code);
    assertThat(ExitCode.of(code.number())).isEqualTo(code);
  }
}
