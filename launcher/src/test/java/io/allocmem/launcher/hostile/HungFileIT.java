package io.allocmem.launcher.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Inside;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * File system that hangs. A frozen file system blocks each writer of a log, as NFS without its
 * server does. A FUSE file system without its server blocks each reader of control files.
 */
@Timeout(120)
@Isolated
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

  /** Mounts a file system whose server, the mounting shell, never answers. */
  private static final String WITHOUT_SERVER =
      "exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 hung /tmp; echo; cat";

  @Test
  void aPlanThatCannotBeSeenIsNotTakenForNone() throws Exception {
    List<String> privateTmp = Inside.privateTmp();
    Inside.assume(privateTmp, NEWEST);
    String agent = "-javaagent:" + Target.AGENT + "=x=5,a=native";
    try (Target target = Target.startBy(privateTmp, NEWEST, agent)) {
      Plans.await(target, Phase.HOLDING);
      String[] inside = {"nsenter", "--mount", "--target", Long.toString(target.pid())};
      List<String> hang = new ArrayList<>(List.of(inside));
      hang.addAll(List.of("sh", "-ec", WITHOUT_SERVER));
      Process hung = new ProcessBuilder(hang).start();
      try {
        assertThat(hung.inputReader().readLine()).isEmpty();
        String sentence = "cannot read the plans of %d: ".formatted(target.pid());
        Cli.run("status", target.pid()).assertSentence(sentence, "try again");
        Cli.run("release", target.pid()).assertSentence(sentence, "try again");
      } finally {
        hung.getOutputStream().close();
        hung.waitFor();
        Tool.run(inside[0], inside[1], inside[2], inside[3], "umount", "-l", "/tmp");
      }
      assertThat(Cli.run("status", target.pid()).out()).contains("HOLDING");
      Plans.release(target);
    }
  }

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
