package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.allocmem.control.PlanCommand;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutboxTest {
  /** Control file whose owner writes between any two reads. */
  private static final class Restless implements ForeignFiles.Channel {
    private int looks;

    @Override
    public byte[] read(long at, int count) {
      byte[] bytes = new byte[count];
      bytes[3] = (byte) looks++;
      return bytes;
    }

    @Override
    public boolean isLocked(long at) {
      return true;
    }

    @Override
    public boolean replace(ForeignFiles.Patch expected, ForeignFiles.Patch... by) {
      return false;
    }

    @Override
    public void close() {}
  }

  @Test
  void aFileThatChangesAllTheTimeIsNotWaitedForWithoutEnd() {
    assumeThat(Boolean.getBoolean("allocmem.test.long")).as("takes twenty seconds").isTrue();
    PlanControl plan = new PlanControl(1, "restless", new Restless());
    long start = System.nanoTime();
    assertThatThrownBy(() -> plan.send(PlanCommand.RELEASE))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("plan restless in 1 takes no command: another process keeps its");
    assertThatThrownBy(plan::renew)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("or changes it all the time");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
  }
}
