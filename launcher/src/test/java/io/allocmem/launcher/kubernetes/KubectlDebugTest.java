package io.allocmem.launcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests of a current {@code kubectl debug} with the profiles of the example, sent to a small API
 * server. A cluster of Kubernetes 1.20 refuses these fields. Skipped without kubectl 1.31 or newer.
 */
class KubectlDebugTest {
  private static final String RESOURCES =
      """
      {"kind":"APIResourceList","groupVersion":"v1","resources":[
      {"name":"pods","namespaced":true,"kind":"Pod","verbs":["get","list","patch","watch"]},
      {"name":"pods/ephemeralcontainers","namespaced":true,"kind":"Pod","verbs":["get","patch"]}]}
      """;
  private static final String POD =
      """
      {"kind":"Pod","apiVersion":"v1","metadata":{"name":"shop-1","namespace":"shop"},
      "spec":{"containers":[{"name":"app","image":"shop:1"}]}}
      """;

  @TempDir private Path directory;
  private final List<String> patches = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void startTheServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopTheServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("PATCH")) {
      patches.add(body);
    }
    String answer =
        switch (exchange.getRequestURI().getPath()) {
          case "/api" -> "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}";
          case "/apis" -> "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}";
          case "/api/v1" -> RESOURCES;
          default -> POD;
        };
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Cli debug(String... options) {
    List<String> command = new ArrayList<>(List.of("kubectl", "-v=8"));
    command.add("--server=http://127.0.0.1:" + server.getAddress().getPort());
    command.add("--cache-dir=" + directory);
    command.addAll(List.of("-n", "shop", "debug", "shop-1", "-c", "one", "--image=allocmem:0.1.0"));
    command.addAll(List.of("--target=app"));
    command.addAll(List.of(options));
    command.addAll(List.of("--", "allocmem", "attach", "1"));
    return Cli.of(command, "");
  }

  private void assumeCurrentKubectl() {
    String help;
    try {
      help = Cli.of(List.of("kubectl", "debug", "--help"), "").out();
    } catch (RuntimeException missing) {
      help = "";
    }
    assumeTrue(help.contains("--custom="), "no kubectl of 1.31 or newer");
  }

  private Map<?, ?> container() throws IOException {
    assertThat(patches).hasSize(1);
    Map<?, ?> spec = (Map<?, ?>) JSON.std.mapFrom(patches.get(0)).get("spec");
    return (Map<?, ?>) ((List<?>) spec.get("ephemeralContainers")).get(0);
  }

  @Test
  void theWordsReplaceTheEntryPointAndTheFileGivesTheUser() throws IOException {
    assumeCurrentKubectl();
    Cli done = debug("--custom=../examples/06-kubernetes/debug/same-user.json");
    assertThat(done.code()).as(done.out()).isZero();
    assertThat(container().get("command")).isEqualTo(List.of("allocmem", "attach", "1"));
    assertThat(container().get("targetContainerName")).isEqualTo("app");
    assertThat(container().get("securityContext"))
        .isEqualTo(
            Map.of(
                "runAsUser",
                1000,
                "runAsGroup",
                1000,
                "runAsNonRoot",
                true,
                "allowPrivilegeEscalation",
                false,
                "capabilities",
                Map.of("drop", List.of("ALL")),
                "seccompProfile",
                Map.of("type", "RuntimeDefault")));
  }

  @Test
  void rootGetsTheRightToTraceAndNothingElse() throws IOException {
    assumeCurrentKubectl();
    Cli done = debug("--custom=../examples/06-kubernetes/debug/root.json", "--arguments-only");
    assertThat(done.code()).as(done.out()).isZero();
    assertThat(container().get("args")).isEqualTo(List.of("allocmem", "attach", "1"));
    assertThat(container().get("securityContext"))
        .isEqualTo(
            Map.of(
                "runAsUser",
                0,
                "runAsNonRoot",
                false,
                "capabilities",
                Map.of("add", List.of("SYS_PTRACE"))));
  }

  @Test
  void aCurrentKubectlNeedsPatch() {
    assumeCurrentKubectl();
    assertThat(Requests.in(debug().out()))
        .isEqualTo(Set.of("get pods", "patch pods/ephemeralcontainers"));
  }
}
