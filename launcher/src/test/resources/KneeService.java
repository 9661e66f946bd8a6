import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Service whose answers take longer the more often the JVM collects. Garbage of a fixed rate makes
 * collections more frequent the fuller the heap is. Prints its port, and ends with its parent.
 */
public final class KneeService {
  private static final int PIECE = 16 << 10;
  private static final int ROUNDS_PER_SECOND = 100;
  private static final int WINDOW_MILLIS = 3000;
  private static final int SAMPLE_MILLIS = 50;

  /** A longer delay would let requests pile up. */
  private static final long MOST_MILLIS = 800;

  private static final ArrayDeque<Long> COUNTS = new ArrayDeque<>();
  private static volatile long delayMillis;

  /** Receives each array: an array that never escapes would not be allocated. */
  private static volatile byte[] sink;

  private KneeService() {}

  public static void main(String[] args) throws Exception {
    int mibPerSecond = Integer.parseInt(args[0]);
    int millisPerCollection = Integer.parseInt(args[1]);
    start(() -> makeGarbage(mibPerSecond));
    start(() -> count(millisPerCollection));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", KneeService::answer);
    server.start();
    System.out.println("port " + server.getAddress().getPort());
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    for (int i = 0; i < 4; i++) {
      sink = new byte[PIECE];
    }
    LockSupport.parkNanos(delayMillis * 1_000_000);
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static void makeGarbage(int mibPerSecond) {
    int pieces = mibPerSecond * ((1 << 20) / PIECE) / ROUNDS_PER_SECOND;
    long due = System.nanoTime();
    while (true) {
      for (int i = 0; i < pieces; i++) {
        sink = new byte[PIECE];
      }
      due += 1_000_000_000L / ROUNDS_PER_SECOND;
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  /** Keeps the delay at the collections in the window, times a cost. */
  private static void count(int millisPerCollection) {
    while (true) {
      COUNTS.addLast(collections());
      if (COUNTS.size() > WINDOW_MILLIS / SAMPLE_MILLIS) {
        COUNTS.removeFirst();
      }
      long lately = COUNTS.peekLast() - COUNTS.peekFirst();
      delayMillis = Math.min(MOST_MILLIS, lately * millisPerCollection);
      LockSupport.parkNanos(SAMPLE_MILLIS * 1_000_000L);
    }
  }

  private static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += bean.getName().contains("Pauses") ? 0 : bean.getCollectionCount();
    }
    return count;
  }
}
