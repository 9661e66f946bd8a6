package io.allocmem;

import io.allocmem.allocator.Allocator;
import io.allocmem.allocator.Usage;
import io.allocmem.area.MemoryArea;
import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.ArmedArguments;
import io.allocmem.arguments.InvalidArguments;
import io.allocmem.arguments.Outlook;
import io.allocmem.control.ControlFile;
import io.allocmem.control.Status;
import io.allocmem.pages.OffHeap;
import io.allocmem.pages.Pages;
import io.allocmem.plan.Excerpt;
import io.allocmem.plan.HoldPlan;
import io.allocmem.plan.Preflight;
import io.allocmem.plan.Wording;
import io.allocmem.readings.FatalFlags;
import io.allocmem.readings.ProcessReadings;
import java.io.Closeable;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * Plans held in this JVM, by name. {@link Session} calls this class through JDK types alone, since
 * the class belongs to another class loader. {@link #apply} starts a plan and answers with one
 * sentence. {@link #getAsBoolean} returns true while plans are accepted.
 */
public final class Plans implements BiFunction<String, Instrumentation, String>, BooleanSupplier {
  /** Maximum bytes of a refusal, even if an exception has a longer message. */
  private static final int LONGEST_REFUSAL = 1000;

  /** Timeout for the end of a released plan: its end is faster, unless a disk hangs. */
  private static final long ENDING_MILLIS = 2000;

  private final Map<String, ControlFile> held = new HashMap<>();
  private boolean open = true;
  private int starting;

  /** Areas whose classes are loaded; a set of enums would load the enum now. */
  private final Set<Object> loaded = new HashSet<>();

  private final Preparation preparation = new Preparation();

  /** Null if the JVM is not armed. */
  private Arming arming;

  /** Creates the plans of a session; {@link Session} calls the constructor by reflection. */
  public Plans() {}

  /**
   * Starts the plan that the arguments describe, but does not wait for blocks. Waits up to two
   * seconds for the end of a released plan with the same name. Never throws.
   *
   * @return {@code accepted: …} or {@code refused: …}, for the user
   */
  @Override
  public synchronized String apply(String arguments, Instrumentation instrumentation) {
    if (!open) { // the last plan ended after Agent asked
      return "refused: the previous plans have just ended; try again";
    }
    try {
      return begin(arguments, instrumentation, null);
    } catch (OutOfMemoryError full) {
      return refusalBy(full);
    }
  }

  /** Returns the access of this session to the JVM. */
  Preparation preparation() {
    return preparation;
  }

  /**
   * Starts a plan, or arms the JVM.
   *
   * @param by armed agent with the request; null for an attach, and for a start of the JVM
   * @return the answer, for the user
   * @throws OutOfMemoryError if the heap has no room; nothing has started then
   */
  synchronized String begin(String arguments, Instrumentation instrumentation, Arming by) {
    starting++;
    try {
      preparation.leaveClassPath(instrumentation);
      return ArmedArguments.isArmed(arguments)
          ? arm(arguments, instrumentation)
          : start(AgentArguments.parse(arguments), instrumentation, by);
    } catch (InvalidArguments | IOException e) {
      return Excerpt.of("refused: " + e.getMessage(), LONGEST_REFUSAL);
    } catch (OutOfMemoryError full) {
      throw full;
    } catch (Throwable unexpected) {
      Throwable root = rootOf(unexpected);
      boolean foreseen = root instanceof UnsupportedOperationException;
      return Excerpt.of("refused: " + (foreseen ? root.getMessage() : root), LONGEST_REFUSAL);
    } finally {
      starting--;
      closeIfIdle(); // last step: no class can be loaded afterwards
    }
  }

  /** Returns the refusal for an error of the JVM. Never throws. */
  static String refusalBy(OutOfMemoryError error) {
    try {
      return "refused: not enough memory to start a plan: " + error.getMessage();
    } catch (OutOfMemoryError again) {
      return "refused: the heap is too full to start a plan";
    }
  }

  private static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : rootOf(failure.getCause());
  }

  /** Returns false once the last plan is over: {@link Agent} then loads a new session. */
  @Override
  public synchronized boolean getAsBoolean() {
    return open;
  }

  private String arm(String arguments, Instrumentation instrumentation)
      throws InvalidArguments, IOException, ReflectiveOperationException {
    ArmedArguments asked = ArmedArguments.parse(arguments);
    if (arming != null && !arming.isAs(asked)) {
      throw new IOException("this JVM is armed already, with other arguments: " + arming);
    }
    Pages pages = preparation.library(instrumentation);
    arming = arming == null ? Arming.start(this, instrumentation, asked, pages) : arming;
    return "accepted: armed";
  }

  /** Ends the arming; called once, by the armed thread. */
  synchronized void disarmed() {
    arming = null;
    closeIfIdle();
  }

  private String start(HoldPlan asked, Instrumentation instrumentation, Arming by)
      throws ReflectiveOperationException, IOException {
    if (asked.allowsOutOfMemory() && by != null && !by.mayAllowOutOfMemory()) {
      throw new IOException(
          asked.wording().option("oom", "allow")
              + " is not allowed here: the JVM is armed without oom=allow");
    }
    preparation.open(instrumentation);
    if (!loaded.contains(asked.area())) {
      AgentClasses.load(asked.area());
      loaded.add(asked.area()); // after a full heap, the next attempt loads what is missing
    }
    return startPrepared(asked, instrumentation, by);
  }

  private static ToLongFunction<Object> sizesBy(final Instrumentation instrumentation) {
    return new ToLongFunction<Object>() {
      @Override
      public long applyAsLong(Object object) {
        return instrumentation.getObjectSize(object);
      }
    };
  }

  private String startPrepared(HoldPlan asked, Instrumentation instrumentation, Arming by)
      throws IOException, ReflectiveOperationException {
    requireFree(asked);
    HoldPlan plan = AgentPages.sized(asked);
    ProcessReadings process = new ProcessReadings(OffHeap.PAGE_SIZE, asked.area());
    try {
      MemoryArea area =
          MemoryArea.of(plan, preparation.library(instrumentation), sizesBy(instrumentation));
      Preflight preflight = Usage.preflight(plan, area, process);
      String refusal = preflight.refusal(plan);
      if (refusal != null) {
        throw new IOException(refusal);
      }
      FatalFlags fatal = new FatalFlags(preflight.mayBeFatal());
      String outlook = String.join("\n", Outlook.of(plan, preflight));
      return start(plan.within(preflight.capacity), outlook, area, process, fatal, by);
    } catch (IOException | RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  private void requireFree(HoldPlan asked) throws IOException {
    awaitEnd(asked.name());
    if (held.containsKey(asked.name())) {
      throw new IOException(Preflight.heldAlready(asked));
    }
  }

  /** Waits for the end of a released plan with the same name, whose files have the name. */
  private void awaitEnd(String name) {
    long start = System.nanoTime();
    long left = ENDING_MILLIS;
    while (left > 0 && isEnding(held.get(name))) {
      try {
        wait(left); // releases the lock for the plan's thread
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      left = ENDING_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
  }

  private static boolean isEnding(ControlFile control) {
    Status last = control == null ? null : control.published();
    return last != null && last.phase.isOver();
  }

  private String start(
      final HoldPlan plan,
      String outlook,
      MemoryArea area,
      ProcessReadings process,
      FatalFlags fatal,
      Arming by)
      throws IOException {
    String arguments = AgentArguments.print(plan.in(Wording.AGENT)); // as older launchers read
    ControlFile control =
        ControlFile.create(plan.name(), arguments, AgentClasses.version(), preparation.lock());
    Runnable whenOver =
        new Runnable() {
          @Override
          public void run() {
            over(plan.name());
          }
        };
    try {
      Allocator allocator = new Allocator(plan, area, control, process, fatal, whenOver);
      String caveat = allocator.caveat().isEmpty() ? "" : "\n" + allocator.caveat();
      // now: later, memory may be short
      String answer = "accepted: " + plan.toHuman() + "\n" + outlook + caveat;
      if (by != null && !by.isWanted()) {
        throw new IOException("nobody waits for this plan any more");
      }
      held.put(plan.name(), control);
      allocator.start();
      return answer;
    } catch (IOException | RuntimeException | Error e) {
      held.remove(plan.name());
      control.close();
      throw e;
    }
  }

  private synchronized void over(String name) {
    held.remove(name);
    notifyAll();
    closeIfIdle();
  }

  private void closeIfIdle() {
    if (!held.isEmpty() || arming != null || starting > 0 || !open) {
      return;
    }
    open = false;
    try {
      ((Closeable) Plans.class.getClassLoader()).close();
    } catch (IOException | RuntimeException | OutOfMemoryError leftToTheCollector) {
      return;
    }
  }
}
