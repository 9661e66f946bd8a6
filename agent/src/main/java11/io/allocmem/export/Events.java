package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Readings;
import io.allocmem.control.Status;
import io.allocmem.plan.HoldPlan;
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
  private final BlockEvent[] blocks;
  private final ResidencyEvent residency = new ResidencyEvent();
  private final String plan;
  private final ControlFile control;

  /** Null before a recording: without a recording, their classes are not loaded. */
  private volatile EffectEvent effect;

  private volatile StallsEvent stalls;

  Events(HoldPlan plan, int places, ControlFile control) {
    this.plan = plan.name();
    this.control = control;
    String area = plan.area().toString();
    phase.plan = plan.name();
    phase.area = area;
    blocks = new BlockEvent[places];
    for (int place = 0; place < places; place++) {
      blocks[place] = new BlockEvent();
      blocks[place].plan = plan.name();
      blocks[place].area = area;
    }
    residency.plan = plan.name();
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
    effect = new EffectEvent(plan, control);
    FlightRecorder.register(EffectEvent.class);
    FlightRecorder.addPeriodicEvent(EffectEvent.class, effect);
    stalls = new StallsEvent(plan, control);
    FlightRecorder.register(StallsEvent.class);
    FlightRecorder.addPeriodicEvent(StallsEvent.class, stalls);
  }

  void phase(Phase next, Readings now, String reason) {
    try {
      phase.begin();
      phase.end();
      if (phase.shouldCommit()) {
        phase.phase = next.name();
        phase.blocks = now.get(Reading.BLOCKS);
        phase.committed = now.get(Reading.COMMITTED);
        phase.touched = now.get(Reading.TOUCHED);
        phase.resident = now.get(Reading.RESIDENT);
        phase.reason = reason;
        phase.commit();
      }
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  boolean recordsBlocks() {
    return blocks[0].isEnabled();
  }

  void blockBegins(int place) {
    try {
      blocks[place].begin();
    } catch (OutOfMemoryError full) {
      return;
    }
  }

  void block(int place, long number, long size, long touched, long resident) {
    BlockEvent block = blocks[place];
    try {
      block.end();
      if (block.shouldCommit()) {
        block.number = number;
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
      remove(effect);
      remove(stalls);
    }
  }

  private static void remove(Runnable event) {
    if (event != null) {
      FlightRecorder.removePeriodicEvent(event);
    }
  }
}
