package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Event objects of a plan, created in advance and reused. The recorder registers the classes when
 * the first recording starts, in the thread that starts the recording. Before a recording, the
 * events cost nothing. Loaded only in a runtime with a flight recorder.
 *
 * <p>Errors while writing an event are ignored. The first event of a thread allocates the thread's
 * buffers, a full heap may have no room for the buffers, and the plan matters more.
 */
final class Events implements FlightRecorderListener, Runnable {
  private final PhaseEvent phase = new PhaseEvent();
  private final BlockEvent block = new BlockEvent();
  private final ResidencyEvent residency = new ResidencyEvent();
  private final ControlFile control;

  Events(String plan, String area, ControlFile control) {
    this.control = control;
    phase.plan = plan;
    phase.area = area;
    block.plan = plan;
    block.area = area;
    residency.plan = plan;
    residency.area = area;
    FlightRecorder.addListener(this); // calls back at once if a recording has started before
  }

  /**
   * Registers the event classes. Called by the thread that starts the first recording, or by the
   * attach thread.
   */
  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    FlightRecorder.register(PhaseEvent.class);
    FlightRecorder.register(BlockEvent.class);
    FlightRecorder.register(ResidencyEvent.class);
    FlightRecorder.addPeriodicEvent(ResidencyEvent.class, this);
  }

  void phase(Phase next, Readings now) {
    try {
      phase.begin();
      phase.end();
      if (phase.shouldCommit()) {
        phase.phase = next.name();
        phase.blocks = now.get(Reading.BLOCKS);
        phase.committed = now.get(Reading.COMMITTED);
        phase.touched = now.get(Reading.TOUCHED);
        phase.resident = now.get(Reading.RESIDENT);
        phase.commit();
      }
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  boolean recordsBlocks() {
    return block.isEnabled();
  }

  void blockBegins() {
    try {
      block.begin();
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  void block(Readings now, long size, long touched, long resident) {
    try {
      block.end();
      if (block.shouldCommit()) {
        block.number = now.get(Reading.BLOCKS);
        block.size = size;
        block.touched = touched;
        block.resident = resident;
        block.commit();
      }
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  /** Writes the periodic event. Called by the recorder's own thread, once per period. */
  @Override
  public void run() {
    try {
      Status now = residency.isEnabled() ? control.published() : null;
      if (now == null || now.phase.isOver()) {
        return;
      }
      residency.begin();
      residency.end();
      residency.committed = now.get(Reading.COMMITTED);
      residency.touched = now.get(Reading.TOUCHED);
      residency.resident = now.get(Reading.RESIDENT);
      residency.givenBack = now.get(Reading.GIVEN_BACK);
      residency.rss = now.get(Reading.RSS);
      residency.commit();
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  /** Unregisters the listener: otherwise the recorder would keep our class loader alive. */
  void close() {
    FlightRecorder.removeListener(this);
    if (FlightRecorder.isInitialized()) {
      FlightRecorder.removePeriodicEvent(this);
    }
  }
}
