package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.Jdks.Jdk;
import io.allocmem.status.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A log in a file whose file system hangs: frozen, it makes each writer wait as a dead NFS does.
 */
@Timeout(120)
class HungFileIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final String LOG = "/mnt/plan.log";
  private static final List<String> OWN_FILE_SYSTEM =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-ec",
          """
          image=$(mktemp); truncate -s 16m $image; mkfs.ext4 -q $image
          mount -o loop $image /mnt; rm $image; exec "$@\"""",
          "sh");

  @Test
  void neitherThePlanNorTheOneWhoAttachesWaitsForIt() throws IOException {
    Inside.assume(OWN_FILE_SYSTEM, NEWEST);
    try (Target target =
        Target.startBy(OWN_FILE_SYSTEM, NEWEST, "-XX:+EnableDynamicAgentLoading")) {
      String place = "/proc/" + target.pid() + "/root/mnt";
      Tool.run("fsfreeze", "-f", place);
      try {
        Cli refused = Cli.run("attach", target.pid(), "-x", "9", "-a", "native", "--log", LOG);
        assertThat(refused.out()).contains(LOG + ": it could not be opened within 2 s");
        assertThat(Tool.run(NEWEST, "jcmd", target.pid(), "VM.version")).contains("JDK");
      } finally {
        Tool.run("fsfreeze", "-u", place);
      }
      Plans.attach(target, "x=300,a=native,l,b,log=" + LOG);
      Plans.await(target, Phase.WAITING);
      Tool.run("fsfreeze", "-f", place);
      try {
        Plans.fill(target, "default");
        assertThat(Cli.run("status", target.pid()).out())
            .containsPattern("\\d+ log lines were dropped: " + LOG + " did not take them");
        Plans.release(target);
      } finally {
        Tool.run("fsfreeze", "-u", place);
      }
      Path log = Path.of(place, "plan.log");
      Awaitility.await()
          .untilAsserted(() -> assertThat(Files.readString(log)).contains(" lines were dropped: "));
    }
  }
}
