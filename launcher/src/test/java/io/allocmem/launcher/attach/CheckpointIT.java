package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Armed;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.OpenFiles;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Open files of an armed agent, by the rule of CRaC: a checkpoint is refused while the JVM has an
 * open file that is not a part of its class path, a socket, or an inotify instance.
 */
class CheckpointIT {
  @ParameterizedTest
  @MethodSource("io.allocmem.launcher.fixtures.Jdks#all")
  void anArmedAgentHasAFileAndAnInotifyInstanceUntilItIsDisarmed(Jdk jdk) throws IOException {
    try (Target target = Armed.start(jdk, "armed")) {
      String pid = Long.toString(target.pid());
      Plans.start(target, "x=1,a=heap", PlanWay.ARMED);
      Plans.await(target, Phase.HOLDING);
      Plans.release(target);
      assertThat(OpenFiles.of(target).ours())
          .anyMatch(path -> path.endsWith("/" + pid + ".armed"))
          .anyMatch(path -> path.contains("inotify"))
          .allMatch(path -> path.matches(".*(inotify|\\.armed|\\.so \\(deleted\\))"));
      assertThat(InProcess.run("disarm", pid).code()).isZero();
      Awaitility.await()
          .atMost(Patience.of(Duration.ofSeconds(10)))
          .until(
              () -> {
                target.ask("gc");
                return OpenFiles.of(target).ours().isEmpty();
              });
      assertThat(OpenFiles.of(target).sockets())
          .as("JDK 8 to 17 keep a socket once a file is locked")
          .isLessThan(2);
    }
  }
}
