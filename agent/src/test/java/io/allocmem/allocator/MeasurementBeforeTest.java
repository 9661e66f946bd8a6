package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.ControlLayout;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Measurement before the first block: a plan that waits measures again after the wait. */
class MeasurementBeforeTest extends AllocatorHarness {
  private static final int APPLICATION = 24 << 20;

  private byte[] application = new byte[APPLICATION];
  private Status first;
  private Status held;

  @Test
  void theLiveHeapBeforeHasNoMemoryThatTheApplicationFreedDuringTheWait() throws Exception {
    Run run = new Run("x=2,a=native,w=1s,n=before,log=off", new FakeArea(99));
    Path file = ControlDirectory.own().resolve(ProcessHandle.current().pid() + ".before");
    clock.events.put(100 * MS, System::gc);
    clock.events.put(400 * MS, () -> first = read(file));
    clock.events.put(
        500 * MS,
        () -> {
          application = null;
          System.gc();
        });
    clock.events.put(1500 * MS, () -> held = read(file));
    clock.events.put(2000 * MS, () -> run.send(3));
    run.allocator.start();
    join("before");
    assertThat(first.get(Reading.HEAP_LIVE_BEFORE)).isGreaterThan(APPLICATION);
    assertThat(held.get(Reading.BLOCKS)).isEqualTo(2);
    assertThat(held.get(Reading.HEAP_LIVE_BEFORE))
        .isBetween(1L, first.get(Reading.HEAP_LIVE_BEFORE) - APPLICATION / 2);
  }

  private static Status read(Path file) {
    try {
      return ControlLayout.read(Arrays.copyOf(Files.readAllBytes(file), ControlLayout.LOCK));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
