package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.StatusReport;
import java.io.IOException;

/** What a person sees while plans are followed. Used by one thread, closed by any. */
public interface WatchDisplay extends AutoCloseable {
  /** No key. */
  int NOTHING = 0;

  /** For who wants to see nothing. */
  WatchDisplay NONE = report -> {};

  /** Shows one look. */
  void show(StatusReport report) throws IOException;

  /** Shows a sentence beside it. */
  default void say(String sentence) {}

  /** Waits at most so long; the key that was pressed meanwhile, or {@link #NOTHING}. */
  default int await(long millis) throws IOException, InterruptedException {
    Thread.sleep(millis);
    return NOTHING;
  }

  /** Whether the last look stays until the person quits. */
  default boolean lingers() {
    return false;
  }

  @Override
  default void close() {}
}
