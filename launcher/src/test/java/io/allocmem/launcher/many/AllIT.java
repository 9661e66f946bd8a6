package io.allocmem.launcher.many;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Fleet;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All JVMs of a machine, for which a container stands: 8 JVMs in each build, 50 in the long form.
 */
class AllIT {
  private static final Jdk JDK = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final int JVMS = Boolean.getBoolean("allocmem.test.long") ? 50 : 8;

  /** Starts the JVMs in parallel, and prints the milliseconds of the two commands. */
  private static final String MACHINE =
      """
      i=0
      while [ $i -lt %5$d ]; do
        i=$((i + 1))
        sleep 600 | %1$s %4$s -cp %2$s TargetApplication >/tmp/out.$i 2>&1 &
      done
      i=0
      while [ $i -lt %5$d ]; do
        i=$((i + 1))
        until grep -q ready /tmp/out.$i; do sleep 0.2; done
      done
      a=$(date +%%s%%3N)
      %1$s -jar %3$s attach --all --at-most %5$d -a native -m 1 -x 2 --wait
      b=$(date +%%s%%3N)
      %1$s -jar %3$s status --all --json >/tmp/status
      c=$(date +%%s%%3N)
      %1$s -jar %3$s release --all --at-most %5$d
      d=$(date +%%s%%3N)
      grep -c '"phase":"HOLDING"' /tmp/status
      echo "attach $((b - a)) ms, release $((d - c)) ms"
      %1$s -jar %3$s release --all --if-held
      """
          .formatted(JDK.java(), Target.CLASSES, Cli.JAR, String.join(" ", Fleet.SMALL), JVMS);

  @Test
  void noJvmIsLeftOut() throws IOException {
    Inside.assume(Inside.container(), JDK);
    List<String> command = new ArrayList<>(Inside.container());
    command.addAll(List.of("timeout", "300", "sh", "-ec", MACHINE));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(out.split(" DONE +default: HOLDING 2 MiB", -1)).as(out).hasSize(JVMS + 1);
      assertThat(out.split(" DONE +default: RELEASED 2 MiB", -1)).as(out).hasSize(JVMS + 1);
      assertThat(out)
          .contains("\n" + JVMS + "\n")
          .endsWith("nothing to release: no plan is held\n");
      out.lines().filter(line -> line.startsWith("attach ")).forEach(System.out::println);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
