package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.StartTime;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JVM in a time namespace with another boot time, as after the migration of a container. */
class TimeNamespaceIT {
  private static final int DAY = 86_400;
  private static final List<String> A_DAY_LATER =
      List.of("unshare", "--time", "--boottime", "" + DAY, "--fork", "--kill-child");

  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#some")
  void itsPlanIsItsOwn(Jdk jdk) throws IOException {
    Inside.assume(A_DAY_LATER, jdk);
    try (Target target =
        Target.startBy(A_DAY_LATER, jdk, "-javaagent:" + Target.AGENT + "=x=5,a=native")) {
      Status status = Plans.await(target, Phase.HOLDING);
      assertThat(status.bootOffset).isEqualTo(DAY * 1_000_000_000L);
      assertThat(status.started - StartTime.of(Long.toString(target.pid())))
          .as("each says it in its own namespace")
          .isBetween(DAY * 100L - 1, DAY * 100L + 1);
      assertThat(Cli.run("status", target.pid()).out()).contains("HOLDING");
      assertThat(Cli.run("release", target.pid()).code()).isZero();
      Plans.awaitNoControlFile(target);
    }
  }
}
