package io.allocmem.launcher.load;

import io.allocmem.launcher.probe.HttpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Connections that wait for the next request, most recent first. Any thread may call. A connection
 * that was idle for a second is closed: a service closes idle connections after some seconds, and
 * must not do so while a request is on the way.
 */
final class IdleConnections implements AutoCloseable {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpAddress address;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  IdleConnections(HttpAddress address) {
    this.address = address;
  }

  /** Returns an idle connection, or a connection that is still to be made. */
  synchronized Connection take() {
    closeOld(System.nanoTime());
    Connection last = idle.pollFirst();
    return last == null ? new Connection(address) : last;
  }

  /** Takes a connection back after a whole answer. */
  synchronized void add(Connection connection) {
    if (closed || !connection.isLasting()) {
      connection.close();
    } else {
      idle.addFirst(connection);
    }
  }

  /** Closes connections that were idle for too long. */
  synchronized void closeOld(long now) {
    while (!idle.isEmpty() && now - idle.peekLast().idleSince() > MOST_NANOS) {
      idle.pollLast().close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Connection::close);
    idle.clear();
  }
}
