package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Capabilities of root in a container. */
class RootRightsTest {
  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, []",
    "00000000a80425fb, []",
    "00000000000400c0, []",
    "00000000000800c4, [CAP_SYS_CHROOT]",
    "0000000000040000, '[CAP_SETUID, CAP_SETGID]'",
    "0000000000000000, '[CAP_SETUID, CAP_SETGID, CAP_SYS_CHROOT]'"
  })
  void whatRootLacksIsNamed(String effective, String missing) {
    String status = "Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + effective + "\n";
    assertThat(RootRights.missingIn(status)).hasToString(missing);
  }
}
