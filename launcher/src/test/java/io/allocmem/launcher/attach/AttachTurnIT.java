package io.allocmem.launcher.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The turn of an attach is a lock on the byte of the target's pid. The test holds that lock in its
 * own JVM, and the lock vanishes when any other test of this JVM closes the file: hence alone.
 */
@Isolated
class AttachTurnIT {
  @Test
  void anAttachIsRefusedWhileAnotherLauncherAttaches() throws IOException {
    Path turns = ControlDirectory.own().resolve(Leftovers.TURNS);
    try (Target target = Target.start(Jdks.launchers().findFirst().orElseThrow());
        FileChannel other =
            FileChannel.open(turns, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock(target.pid(), 1, false);
      Cli.run("attach", target.pid(), "-x", "1")
          .assertSentence(
              "another launcher attaches to %d; try again when it has ended"
                  .formatted(target.pid()));
      assertThat(target.ask("hello")).isEqualTo("echo hello");
      assertThat(target.isAnyThread("Attach Listener")).isFalse();
    }
  }
}
