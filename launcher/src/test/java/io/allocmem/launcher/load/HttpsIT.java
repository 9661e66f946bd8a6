package io.allocmem.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.probe.HttpAddress;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The load client over TLS, in a JVM of its own that trusts the certificate of the test, or not.
 */
class HttpsIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;

  /** Program of a process with options of its own; needs no class of the tests. */
  static final class Client {
    private Client() {}

    /** Prints a window of requests to the URL. */
    public static void main(String[] args) throws Exception {
      LoadTarget target = new LoadTarget(HttpAddress.parse(args[0]), Duration.ofMinutes(1));
      try (LoadClient client = new LoadClient(target, Rate.parse("3/s"))) {
        client.start();
        TimeUnit.SECONDS.sleep(3);
        System.out.println(client.window());
      }
    }
  }

  @Test
  void aTrustedServiceAnswersAndAnotherDoesNot() throws Exception {
    Path store = directory.resolve("store.p12");
    String key =
        "-genkeypair -alias test -keyalg EC -dname CN=localhost -ext SAN=dns:localhost"
            + " -storetype PKCS12 -storepass "
            + PASSWORD
            + " -keystore "
            + store;
    Cli made = Cli.of(command("keytool", List.of(key.split(" "))), "");
    assertThat(made.code()).as(made.out()).isZero();
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpsServer server = server(store, threads);
    try {
      String url = "https://localhost:" + server.getAddress().getPort() + "/";
      String[] trust = {
        "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD
      };
      assertThat(window(url, trust))
          .contains("failures=0, ", "firstFailure=null")
          .doesNotContain("answers=0");
      assertThat(window(url.replace("localhost", "127.0.0.1"), trust))
          .contains("answers=0, ", "did not answer: No subject alternative names");
      assertThat(window(url)).contains("answers=0, ", "did not answer: PKIX path");
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static HttpsServer server(Path store, ExecutorService threads) throws Exception {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // a body in chunks
          exchange.getResponseBody().write("ok".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    return server;
  }

  /** Starts the client of the launcher's jar: a test may have changed java.class.path. */
  private static String window(String url, String... options) throws URISyntaxException {
    Path tests = Path.of(HttpsIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String path = tests + File.pathSeparator + Cli.JAR;
    String main = Client.class.getName();
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-cp", path, main, url));
    return Cli.of(command("java", arguments), "").out();
  }

  private static List<String> command(String tool, List<String> arguments) {
    return Stream.concat(Stream.of(JAVA.resolve(tool).toString()), arguments.stream()).toList();
  }
}
