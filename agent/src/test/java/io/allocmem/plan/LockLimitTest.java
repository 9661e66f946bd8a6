package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockLimitTest {
  private static final String MACHINE = "         0          0 4294967295\n";
  private static final String NAMESPACE = "         0       1000          1\n";

  @ParameterizedTest
  @CsvSource({
    "8388608, 0, 0, 8388608",
    "8388608, 4, 0, 8384512",
    "8388608, 9000, 0, 0",
    "0, 0, 0, 0",
    "unlimited, 9000, 0, 9223372036854775807",
    "0, 0, 4000, 9223372036854775807",
    "0, 0, 000001ffffffffff, 9223372036854775807",
    "65536, 0, 000001ffffffbfff, 65536"
  })
  void theRestOfTheLimitMayBeLocked(String limit, long lockedKib, String capabilities, long most) {
    assertThat(LockLimit.of(limits(limit), status(lockedKib, capabilities), MACHINE))
        .isEqualTo(most);
  }

  @Test
  void aCapabilityInAUserNamespaceDoesNotCount() {
    assertThat(LockLimit.of(limits("4096"), status(0, "ffffffffffffffff"), NAMESPACE))
        .isEqualTo(4096);
    assertThat(LockLimit.of(limits("4096"), status(0, "ffffffffffffffff"), "")).isEqualTo(4096);
  }

  @Test
  void whatTheKernelDoesNotReportIsUnknown() {
    assertThat(LockLimit.of("", "", "")).isEqualTo(LockLimit.UNKNOWN);
    assertThat(LockLimit.of("Max locked memory     x y bytes\n", "VmLck:\t\n", ""))
        .as("no number")
        .isZero();
  }

  @Test
  void thisProcessHasALimit() {
    assertThat(LockLimit.ofThisProcess()).isNotEqualTo(LockLimit.UNKNOWN);
  }

  private static String limits(String soft) {
    return "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max processes             95000                95000                processes \n"
        + "Max locked memory         "
        + soft
        + "              8388608              bytes     \n";
  }

  private static String status(long lockedKib, String capabilities) {
    return "Name:\tjava\nVmLck:\t    " + lockedKib + " kB\nCapEff:\t" + capabilities + "\n";
  }
}
