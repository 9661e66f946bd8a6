package io.allocmem.launcher.load;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;

/** One request: its place in the schedule, and its connection while the request is under way. */
final class Exchange {
  private final LoadTarget target;
  private final long index;
  private final long due;
  private Connection connection;
  private boolean aborted;

  /**
   * @param due intended start, on the clock of {@code System.nanoTime}
   */
  Exchange(LoadTarget target, long index, long due) {
    this.target = target;
    this.index = index;
    this.due = due;
  }

  long index() {
    return index;
  }

  long due() {
    return due;
  }

  long deadline() {
    return due + target.timeout().toNanos();
  }

  /** Asks the service, and returns the sentence about the failure; null after an answer. */
  String run(IdleConnections idle) {
    try {
      int status = status(idle);
      return status < HttpURLConnection.HTTP_BAD_REQUEST
          ? null
          : target.address().named() + " answered " + status;
    } catch (SocketTimeoutException late) {
      return late(target);
    } catch (IOException e) {
      return target.address().unanswered(e);
    }
  }

  private int status(IdleConnections idle) throws IOException {
    try {
      return status(idle, idle.take());
    } catch (StaleException closedWhileIdle) {
      return status(idle, new Connection(target.address()));
    }
  }

  private int status(IdleConnections idle, Connection used) throws IOException {
    boolean whole = false;
    try {
      begin(used);
      int status = used.get(deadline());
      whole = true;
      return status;
    } finally {
      if (isOpenAtEnd() && whole) {
        idle.add(used);
      } else {
        used.close();
      }
    }
  }

  /** Returns the sentence about a request without an answer in time. */
  static String late(LoadTarget target) {
    return "%s did not answer within %d ms"
        .formatted(target.address().named(), target.timeout().toMillis());
  }

  private synchronized void begin(Connection used) throws SocketTimeoutException {
    if (aborted) {
      throw new SocketTimeoutException();
    }
    connection = used;
  }

  /** From here on, {@link #abort} must not close the connection: another request may use it. */
  private synchronized boolean isOpenAtEnd() {
    connection = null;
    return !aborted;
  }

  /** Closes the connection, in any thread: the request ends at once. */
  synchronized void abort() {
    aborted = true;
    if (connection != null) {
      connection.close();
    }
  }
}
