package io.allocmem.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.fixtures.Patience;
import io.allocmem.launcher.process.OutputClosed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Sign of life on a pipe, and the end of the reader. */
class HeartbeatTest {
  /** Writer of a pipe, with a reader that can end, or that can stop reading. */
  private static final class Pipe extends Writer {
    private volatile boolean ended;
    private volatile boolean stuck;

    @Override
    public void write(char[] text, int from, int count) throws IOException {
      while (stuck) {
        Thread.onSpinWait();
      }
      if (ended) {
        throw new IOException("Broken pipe");
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Pipe pipe = new Pipe();
  private final PrintWriter out = new PrintWriter(pipe, true);

  private static StatusReport report() throws IOException {
    return StatusReport.of(ProcessHandle.current().pid());
  }

  @Test
  void anEndedReaderEndsTheDisplayAtTheNextLine() throws IOException {
    StatusReport report = report();
    try (Heartbeat heartbeat = new Heartbeat(WatchDisplay.NONE, out)) {
      heartbeat.show(report);
      pipe.ended = true;
      out.println("a line of another thread");
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> heartbeat.show(report))
                      .isInstanceOf(OutputClosed.class));
    }
  }

  @Test
  void aReaderThatDoesNotReadStopsNobody() throws IOException {
    StatusReport report = report();
    pipe.stuck = true;
    Thread writer = new Thread(() -> out.println("a line that waits"), "writer");
    writer.start();
    try (Heartbeat heartbeat = new Heartbeat(WatchDisplay.NONE, out)) {
      Patience.holds(Duration.ofMillis(500), () -> heartbeat.show(report));
      assertThat(writer.isAlive()).isTrue();
    } finally {
      pipe.stuck = false;
    }
  }
}
