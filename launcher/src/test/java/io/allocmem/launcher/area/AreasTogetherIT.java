package io.allocmem.launcher.area;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.plan.AreaKind;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans of all areas in one JVM: the agent's jar is gone after the first attach. */
class AreasTogetherIT {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void aJvmTakesAPlanOfEachAreaAfterTheFirstPlan(Jdk jdk) throws IOException {
    try (Target target = Target.start(jdk, "-Xmx256m")) {
      for (AreaKind area : AreaKind.values()) {
        Plans.attach(target, "m=1,x=2,a=" + area + ",n=" + area);
        Plans.await(target, area.toString(), Phase.HOLDING);
      }
      Plans.release(target);
    }
  }
}
