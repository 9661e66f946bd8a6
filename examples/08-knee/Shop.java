import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A service with a cache of small objects: each answer replaces entries, and is garbage. The fuller the heap, the more often
 * the collector walks through the whole cache, and all answers wait meanwhile.
 */
public class Shop {
  private static final int ENTRIES = 600_000; // about 60 MiB of small objects

  private static final String[] CACHE = new String[ENTRIES];

  public static void main(String[] args) throws Exception {
    for (int i = 0; i < ENTRIES; i++) {
      CACHE[i] = entry(i);
    }
    for (int i = 0; i < 1_000; i++) {
      page(); // compiled code from the first request on
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    server.setExecutor(Executors.newFixedThreadPool(20));
    server.createContext("/", Shop::answer);
    server.start();
    System.out.println("port " + server.getAddress().getPort());
  }

  private static String entry(int number) {
    return "article " + number + ", " + ThreadLocalRandom.current().nextInt(1000) + " in stock, on shelf 7";
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = page();
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] page() {
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      int number = ThreadLocalRandom.current().nextInt(ENTRIES);
      CACHE[number] = i < 100 ? entry(number) : CACHE[number];
      page.append(CACHE[number]).append('\n');
    }
    return page.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
