package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.StatusReport;
import java.io.IOException;

/** Display of followed plans. Used by one thread; any thread may close the display. */
public interface WatchDisplay extends AutoCloseable {
  /** No key was pressed. */
  int NOTHING = 0;

  /** Display without output. */
  WatchDisplay NONE = report -> {};

  /**
   * Shows a report.
   *
   * @throws io.allocmem.launcher.process.OutputClosed if nobody reads the output any more
   */
  void show(StatusReport report) throws IOException;

  /** Shows a sentence beside the report. */
  default void showMessage(String sentence) {}

  /** Shows a last sentence to a person who leaves held plans; the display is closed already. */
  default void leave(String sentence) {}

  /** Waits for a key, at most {@code millis}; returns the key, or {@link #NOTHING}. */
  default int await(long millis) throws IOException, InterruptedException {
    Thread.sleep(millis);
    return NOTHING;
  }

  /** Returns true if the last report stays until the person quits. */
  default boolean lingers() {
    return false;
  }

  @Override
  default void close() {}
}
