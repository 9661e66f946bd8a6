package io.allocmem.launcher.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.SshHost;
import io.allocmem.launcher.fixtures.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Ansible role of example 07 on three hosts with two JVMs each. A long form. Skipped without
 * root, Ansible or an ssh server.
 */
@EnabledIfSystemProperty(named = "allocmem.test.long", matches = "true")
class AnsibleIT {
  private static final Path ROLE = Path.of("../examples/07-fleet/ansible").toAbsolutePath();
  private static final Jdk JDK = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();
  private static final Map<String, SshHost> HOSTS = new TreeMap<>();

  /** The plan of 100 MiB fits into the heap of two hosts. */
  private static final Map<String, String> HEAPS =
      Map.of("h1", "-Xmx256m", "h2", "-Xmx256m", "h3", "-Xmx64m");

  @TempDir private static Path directory;

  @BeforeAll
  static void prepare() throws IOException {
    assumeThat(whyNot()).as("no fleet can be started here").isEmpty();
    SshHost.prepare(directory);
    makeBundle();
  }

  @BeforeEach
  void startHosts() throws IOException {
    StringBuilder inventory = new StringBuilder("[shop]\n");
    for (String name : List.of("h1", "h2", "h3")) {
      HOSTS.put(name, SshHost.start(name, directory, JDK, HEAPS.get(name)));
      inventory.append(HOSTS.get(name).inventory());
    }
    inventory
        .append("[shop:vars]\nansible_user=root\nansible_remote_tmp=/tmp/.ansible\n")
        .append("ansible_python_interpreter=/usr/bin/python3\n")
        .append("ansible_ssh_private_key_file=" + directory.resolve("key") + "\n")
        .append("allocmem_home=/tmp/allocmem\nallocmem_match=shop.jar\n")
        .append("allocmem_bundle=" + directory.resolve("bundle.tar.gz") + "\n");
    Files.writeString(directory.resolve("hosts.ini"), inventory);
  }

  @AfterEach
  void endHosts() {
    HOSTS.values().forEach(SshHost::close);
  }

  @Test
  void eachStepAloneIsDoneOnceAndTheSecondRunChangesNothing() throws Exception {
    Run predicted = run("-m 4 -x 20", "--check", "--limit=h1");
    assertThat(predicted.stats("changed")).as(predicted.out()).isEqualTo("h1=2");
    assertThat(held()).isEqualTo("h1=- h2=- h3=-");
    Run first = run("-m 4 -x 20", "--tags=install,attach,wait");
    assertThat(first.stats("changed")).as(first.out()).isEqualTo("h1=4 h2=4 h3=4");
    assertThat(held()).isEqualTo("h1=20 h2=20 h3=20");
    Run again = run("-m 4 -x 20", "--check", "--limit=h1", "--tags=attach");
    assertThat(again.stats("changed")).as(again.out()).isEqualTo("h1=0");
    Run second = run("-m 4 -x 20", "--tags=install,attach,wait,verdict");
    assertThat(second.stats("changed")).as(second.out()).isEqualTo("h1=0 h2=0 h3=0");
    assertThat(second.out()).contains("h3: 1 JVMs hold what was asked");
    Run released = run("-m 4 -x 20", "--tags=release");
    assertThat(released.stats("changed")).as(released.out()).isEqualTo("h1=1 h2=1 h3=1");
    assertThat(held()).isEqualTo("h1=- h2=- h3=-");
    Run twice = run("-m 4 -x 20", "--tags=release", "--limit=h1");
    assertThat(twice.stats("changed")).as(twice.out()).isEqualTo("h1=0");
  }

  @Test
  void aLostHostAndAShortPlanAreNamedAndTheOthersReachTheVerdictAndRelease() throws Exception {
    Process playbook = start("-m 4 -x 100", "-e", "allocmem_hold=5s");
    Awaitility.await()
        .atMost(Patience.of(Duration.ofSeconds(60)))
        .until(() -> held().startsWith("h1=100 h2=100"));
    HOSTS.get("h2").close();
    Run run = Run.of(playbook);
    assertThat(run.stats("unreachable")).as(run.out()).isEqualTo("h1=0 h2=1 h3=0");
    assertThat(run.stats("failed")).as(run.out()).isEqualTo("h1=0 h2=0 h3=1");
    assertThat(run.out())
        .contains("h1: 1 JVMs hold what was asked", "fleet did not reach 100 MiB: EXHAUSTED")
        .doesNotContain("h3: 1 JVMs hold");
    assertThat(held()).isEqualTo("h1=- h2=? h3=-");
    assertThat(run.code).isNotZero();
  }

  /** Returns the held MiB of each host; "-" for nothing, "?" for a lost host. */
  private static String held() {
    List<String> words = new ArrayList<>();
    HOSTS.forEach((name, host) -> words.add(name + "=" + held(host)));
    return String.join(" ", words);
  }

  private static String held(SshHost host) {
    if (!host.isAlive()) {
      return "?";
    }
    String other = InProcess.out("status", host.pid("other.jar"), "--json");
    assertThat(other).as("no JVM that does not match").doesNotContain("committed");
    List<?> plans = List.of();
    try {
      Map<String, Object> status =
          JSON.std.mapFrom(InProcess.out("status", host.pid("shop.jar"), "--json"));
      plans = (List<?>) status.get("plans");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return plans.isEmpty()
        ? "-"
        : "" + (((Number) ((Map<?, ?>) plans.get(0)).get("committed")).longValue() >> 20);
  }

  /** Lays the launcher's jar into an archive of the bundle's form, without a Java runtime. */
  private static void makeBundle() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("allocmem-linux-x64/bin"));
    Path script = bin.resolve("allocmem");
    Files.writeString(
        script,
        "#!/bin/sh\nexec %s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar %s \"$@\"\n"
            .formatted(JDK.java(), Cli.JAR));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Tool.run(
        "tar", "-czf", directory.resolve("bundle.tar.gz"), "-C", directory, "allocmem-linux-x64");
  }

  private static String whyNot() {
    try {
      return Tool.run(
          "sh",
          "-c",
          "[ $(id -u) = 0 ] || echo no root; for c in ansible-playbook ssh unshare setpriv /usr/sbin/sshd;"
              + " do command -v $c >/dev/null || echo no $c; done;"
              + " unshare --mount --pid --uts --fork --mount-proc true");
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Process start(String options, String... further) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("ansible-playbook", "pressure.yml", "-i", "" + directory.resolve("hosts.ini")));
    command.addAll(
        List.of("-e", JSON.std.asString(Map.of("allocmem_options", options.split(" ")))));
    command.addAll(List.of(further));
    ProcessBuilder builder = new ProcessBuilder(command).directory(ROLE.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("ANSIBLE_STDOUT_CALLBACK", "default"); // ansible-core has no other for tests
    environment.put("ANSIBLE_NOCOLOR", "true");
    environment.put("ANSIBLE_HOST_KEY_CHECKING", "false");
    environment.put("ANSIBLE_LOCAL_TEMP", directory.resolve("local").toString());
    environment.put("ANSIBLE_SSH_CONTROL_PATH_DIR", directory.resolve("ssh").toString());
    environment.put("LC_ALL", "C.UTF-8");
    return builder.redirectError(directory.resolve("ansible.err").toFile()).start();
  }

  private static Run run(String options, String... further) throws Exception {
    return Run.of(start(options, further));
  }

  /** Result of a playbook. */
  private record Run(int code, String out) {
    static Run of(Process playbook) throws Exception {
      String out = new String(playbook.getInputStream().readAllBytes());
      assertThat(playbook.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return new Run(playbook.exitValue(), out);
    }

    /** Returns a figure of each host in the recap at the end. */
    String stats(String count) {
      Pattern recap = Pattern.compile("(?m)^(h\\d) +:.*\\b" + count + "=(\\d+)");
      List<String> words = new ArrayList<>();
      for (Matcher host = recap.matcher(out); host.find(); ) {
        words.add(host.group(1) + "=" + host.group(2));
      }
      return String.join(" ", words);
    }
  }
}
