package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.RestartedService;
import io.allocmem.launcher.fixtures.Signal;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.process.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A held plan ends when the service fails its own check. */
class ProbeIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  /** A launcher in a process of its own. */
  private static final class Command implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Command(Object jvm, String... words) throws IOException {
      List<String> command = new ArrayList<>(List.of("env", Signal.DEFAULT_INT, NEWEST.java()));
      command.addAll(List.of("-jar", Cli.JAR.toString(), "attach", jvm.toString()));
      command.addAll(List.of("-x", "2", "-a", "native", "--probe-every", "100ms"));
      command.addAll(List.of(words));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      out = process.inputReader();
    }

    void await(String part) throws IOException {
      StringBuilder read = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.contains(part)) {
          return;
        }
        read.append(line).append('\n');
      }
      throw new AssertionError(part + " is missing in: " + read);
    }

    int end() throws InterruptedException {
      assertThat(process.waitFor(Patience.seconds(20), TimeUnit.SECONDS)).as("ended").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static Cli attach(Target target, String... words) {
    List<Object> all = new ArrayList<>(List.of("attach", target.pid(), "-x", "2", "-a", "native"));
    all.addAll(List.of("--hold", "--probe-every", "100ms"));
    all.addAll(List.of(words));
    return InProcess.run(all.toArray());
  }

  private static void assertReleasedAlive(Target target) {
    assertThat(target.ask("used")).isNotEmpty();
    Plans.awaitNoControlFile(target);
  }

  /** Status of each request in order; the last status stays. */
  private static HttpServer server(AtomicInteger requests, int... statuses) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int request = Math.min(requests.getAndIncrement(), statuses.length - 1);
          exchange.sendResponseHeaders(statuses[request], -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://localhost:" + server.getAddress().getPort() + "/health";
  }

  @Test
  void aFailingUrlReleasesThePlanAfterFailuresInARow() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server = server(requests, 200, 200, 500, 200, 500);
    try (Target target = Target.start(NEWEST)) {
      Cli ended = attach(target, "--probe-url", url(server), "--probe-failures", "2", "--json");
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.STOPPED.number());
      assertThat(requests).hasValue(6);
      String reason = "2 of 2 in a row; " + url(server) + " answered 500 instead of 200";
      assertThat(ended.out())
          .startsWith("allocmem: plan default was released: the service's own check failed, ")
          .contains(reason);
      Map<String, Object> answer = new Cli(0, ended.out().lines().toList().get(1)).json();
      assertThat(answer).containsEntry("verdict", "STOPPED").containsEntry("exitCode", 6);
      assertThat(answer.get("message").toString()).endsWith(reason);
      assertThat(answer.get("plans").toString()).contains("phase=RELEASED", "reached=1");
      assertThat(answer.get("probe").toString())
          .contains("checks=6", "failuresInARow=2", "instead of 200", "released=true");
      assertReleasedAlive(target);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aSlowServiceReleasesThePlanAtOnce() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(1);
    HttpServer server = server(requests, 204);
    server.createContext(
        "/slow",
        exchange -> {
          if (requests.incrementAndGet() > 2) {
            awaitEnd(over);
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    try (Target target = Target.start(NEWEST)) {
      String slow = url(server).replace("health", "slow");
      List<String> words = List.of("--expect", "204", "--within", "300ms", "--probe-failures", "1");
      List<String> all = new ArrayList<>(List.of("--probe-url", slow));
      all.addAll(words);
      Cli ended = attach(target, all.toArray(new String[0]));
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.STOPPED.number());
      assertThat(ended.out())
          .contains("or 1 failed checks in a row", "plan default: RELEASED")
          .contains("1 of 1 in a row; " + slow + " did not answer within 300 ms");
      assertReleasedAlive(target);
    } finally {
      over.countDown();
      server.stop(0);
    }
  }

  private static void awaitEnd(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCommandThatFailsReleasesThePlan() throws Exception {
    Path file = Files.createFile(directory.resolve("healthy"));
    String once = "rm %s; test -d /proc/$ALLOCMEM_PID".formatted(file);
    String check = "test -e %1$s && { %2$s; } || { echo gone; exit 9; }".formatted(file, once);
    try (Target target = Target.start(NEWEST)) {
      Cli ended = attach(target, "--probe", check);
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.STOPPED.number());
      assertThat(ended.out())
          .contains("failed, 1 of 3 in a row; '")
          .contains("failed, 2 of 3 in a row; '")
          .contains("' ended with exit code 9: gone");
      assertReleasedAlive(target);
    }
  }

  @Test
  void aServiceThatFailsBeforeThePlanIsLeftAlone() throws Exception {
    try (Target target = Target.start(NEWEST)) {
      attach(target, "--probe", "echo no; false")
          .assertSentence(
              "the service fails its own check without the plan: ",
              "'echo no; false' ended with exit code 1: no; nothing was started: repair");
      assertThat(target.controlFiles()).isEmpty();
      assertThat(target.isAnyThread(Target.THREADS)).isFalse();
    }
  }

  /** The first check passes, each further check hangs. */
  private String hangs(Path pid) {
    Path first = directory.resolve("first");
    return "test -e %1$s || { touch %1$s; exit 0; }; sh -c 'echo $$ >%2$s; exec sleep 99'; true"
        .formatted(first, pid);
  }

  private static ProcessHandle awaitProcess(Path pid) throws IOException {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "KILL,137"})
  void theEndOfTheLauncherEndsAHangingCommand(String signal, int code) throws Exception {
    Path pid = directory.resolve("pid");
    try (Target target = Target.start(NEWEST);
        Command command =
            new Command(
                target.pid(),
                "--hold",
                "--lease",
                "5s",
                "--within",
                "60s",
                "--probe",
                hangs(pid))) {
      ProcessHandle child = awaitProcess(pid);
      long start = System.nanoTime();
      Signal.send(signal, command.process.pid());
      assertThat(command.end()).isEqualTo(code);
      Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> !child.isAlive());
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Patience.of(Duration.ofSeconds(3)));
      if (signal.equals("INT")) {
        Plans.awaitNoControlFile(target);
      }
    }
  }

  /** A hanging check delays no renewal: the lease is shorter than the check. */
  @Test
  void aHangingCommandIsLateAndDelaysNoRenewal() throws Exception {
    Path pid = directory.resolve("pid");
    try (Target target = Target.start(NEWEST)) {
      String[] words = {"--lease", "1s", "--within", "2s", "--probe-failures", "1", "--probe"};
      List<String> all = new ArrayList<>(List.of(words));
      all.add(hangs(pid));
      Cli ended = attach(target, all.toArray(new String[0]));
      assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCode.STOPPED.number());
      assertThat(ended.out()).contains("took longer than 2000 ms");
      long child = Long.parseLong(Files.readString(pid).strip());
      Awaitility.await()
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
      assertReleasedAlive(target);
    }
  }

  @Test
  void theNextJvmGetsThePlanOnceItIsHealthy() throws Exception {
    Path healthy = Files.createFile(directory.resolve("healthy"));
    String check = "test -e " + healthy;
    try (RestartedService service =
            RestartedService.start(List.of(), RestartedService.ALWAYS, NEWEST);
        Command command =
            new Command(service.name(), "--again", "--probe-failures", "99999", "--probe", check)) {
      command.await("plan default: HOLDING");
      Files.delete(healthy);
      Signal.send("KILL", service.pid());
      service.awaitLine("pid");
      service.awaitLine("ready");
      Patience.holds(Duration.ofSeconds(1), () -> assertThat(service.isFull()).isFalse());
      Files.createFile(healthy);
      command.await("restart 1: plan default in JVM " + service.pid());
      Awaitility.await().until(service::isFull);
      Signal.send("INT", command.process.pid());
      assertThat(command.end()).isEqualTo(130);
    }
  }
}
