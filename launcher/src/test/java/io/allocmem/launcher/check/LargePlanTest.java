package io.allocmem.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.InProcess;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan over half of a machine needs consent, unless the amount is in bytes. */
class LargePlanTest {
  private static final long GIB = 1L << 30;

  private final Preflight preflight = new Preflight();

  LargePlanTest() {
    preflight.capacity = 20 * GIB;
    preflight.containerCapacity = 20 * GIB;
    preflight.containerLimited = false;
  }

  private String objection(String options) {
    HoldPlan plan = InProcess.plan(("attach 1 " + options).split(" "));
    return LargePlan.objection(plan, preflight);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-a native -x 50.1%",
        "-a native -x 0",
        "-a native -x 0 --keep-free 10%",
        "-a native --until 85%",
        "-x 90%",
        "--until 60%",
        "-a stack -x 100%"
      })
  void aLargePlanNeedsConsent(String options) {
    assertThat(objection(options)).contains("of this machine's 20 GiB", "confirm with --yes");
  }

  @Test
  void theAmountInBytesIsGivenAsAnOption() {
    assertThat(objection("-a native -x 75%")).contains("may take 15 GiB").endsWith("(-x 15g)");
    assertThat(objection("--until 75%")).endsWith("(--until 15g)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-a native -x 50%",
        "-a native -x 19g",
        "-a native --until 19g",
        "-x 10%",
        "--until 50%",
        "-a native -x 0 --keep-free 60%"
      })
  void aSmallPlanAndAnAmountInBytesNeedNoConsent(String options) {
    assertThat(objection(options)).isNull();
  }

  @Test
  void aShareOfASmallHeapNeedsNoConsent() {
    preflight.capacity = 5 * GIB;
    assertThat(objection("-x 100%")).isNull();
    assertThat(objection("-x 0")).isNull();
  }

  @Test
  void inAContainerWithALimitNoPlanNeedsConsent() {
    preflight.containerLimited = true;
    assertThat(objection("-a native -x 100%")).isNull();
  }

  @Test
  void anUnknownCapacityIsLeftToTheAgent() {
    preflight.capacity = -1;
    assertThat(objection("-x 100%")).isNull();
  }
}
