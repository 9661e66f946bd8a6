package io.allocmem;

import io.allocmem.arguments.ArmedArguments;
import io.allocmem.control.ArmedFile;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.Reading;
import io.allocmem.pages.FileWatch;
import io.allocmem.pages.Pages;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Agent that holds nothing, and takes plans through its own file: without an attach, and with a
 * full heap. One daemon thread waits for requests in the file. Until the first request, no class is
 * loaded that only a plan needs; {@link Reserve} has the room for these classes.
 */
final class Arming implements Runnable {
  /** Attempts to start a plan on a full heap: each collection may free the reserve. */
  private static final int MOST_ATTEMPTS = 20;

  private static final long BETWEEN_ATTEMPTS_NANOS = 50_000_000;

  /** Attempts to write an answer: the launcher sees the plan without an answer as well. */
  private static final int MOST_ANSWERS = 3;

  /** Interval of checks of the reserve. */
  private static final long RESERVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Plans plans;
  private final Instrumentation instrumentation;
  private final ArmedArguments asked;
  private final Reserve reserve;
  private final long start = System.nanoTime();
  private final long ttl;
  private ArmedFile file;
  private FileWatch watch;
  private long reserveChecked = start;

  // made here: a literal becomes an object at its first use
  private final String disarmed = String.valueOf("disarmed");
  private final String heapIsFull = String.valueOf("refused: the heap is too full to start a plan");
  private final String unreadable = String.valueOf("refused: the request cannot be read");

  private Arming(
      Plans plans, Instrumentation instrumentation, ArmedArguments asked, Reserve reserve) {
    this.plans = plans;
    this.instrumentation = instrumentation;
    this.asked = asked;
    this.reserve = reserve;
    this.ttl = asked.ttl().toNanos();
  }

  /**
   * Arms the JVM: launchers see the agent's file from now on.
   *
   * @param pages the loaded page library
   * @throws IOException with a sentence, if the file cannot be created safely
   */
  static Arming start(
      Plans plans, Instrumentation instrumentation, ArmedArguments asked, Pages pages)
      throws IOException {
    Reserve reserve = new Reserve(pages, asked.allowsOutOfMemory());
    Arming arming = new Arming(plans, instrumentation, asked, reserve);
    try {
      arming.open();
      return arming;
    } catch (IOException | RuntimeException | Error e) {
      arming.close();
      throw e;
    }
  }

  private void open() throws IOException {
    long ends = ttl == 0 ? Reading.UNKNOWN : System.currentTimeMillis() + asked.ttl().toMillis();
    file = ArmedFile.create(AgentClasses.version(), asked.toString(), ends);
    watch = FileWatch.of(file.path());
    Thread thread = new Thread(null, this, "allocmem-armed");
    thread.setDaemon(true);
    thread.setContextClassLoader(Arming.class.getClassLoader());
    thread.start();
  }

  /** Returns true if the JVM is armed with the same arguments. */
  boolean isAs(ArmedArguments other) {
    return asked.toString().equals(other.toString());
  }

  /** Returns true if a plan may have {@code oom=allow}. */
  boolean mayAllowOutOfMemory() {
    return asked.allowsOutOfMemory();
  }

  /** Returns true if the launcher still waits for the plan of the request. */
  boolean isWanted() {
    return file.isWanted();
  }

  @Override
  public String toString() {
    return asked.toString();
  }

  @Override
  public void run() {
    try {
      reserve.fill();
      while (!isOver() && goesOn()) {
        watch.await();
        keepReserve();
      }
    } catch (Throwable unexpected) { // never to the application's handler of uncaught exceptions
      return;
    } finally {
      end();
    }
  }

  private boolean isOver() {
    return ttl > 0 && System.nanoTime() - start >= ttl;
  }

  /**
   * Returns false after a request to end. On a full heap, the next look takes the request again.
   */
  private boolean goesOn() {
    try {
      return takeRequest();
    } catch (OutOfMemoryError full) {
      return true;
    }
  }

  /** Carries out a new request, if there is one. Returns false after a request to end. */
  private boolean takeRequest() {
    ArmedRequest request = file.poll();
    if (request == ArmedRequest.NONE) {
      return true;
    }
    boolean starts = request == ArmedRequest.START;
    boolean safe = reserve.free();
    tell(!starts ? disarmed : safe ? answer() : heapIsFull);
    reserve.fill();
    return starts;
  }

  private String answer() {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Thread.interrupted(); // after an interrupt by the application, no park would wait
      try {
        reserve.probe();
        return plans.begin(file.plan(), instrumentation, this);
      } catch (OutOfMemoryError error) {
        if (!isOfHeap(error)) {
          return Plans.refusalBy(error);
        }
        LockSupport.parkNanos(this, BETWEEN_ATTEMPTS_NANOS);
      } catch (IOException refused) {
        return refusalBy(refused);
      } catch (RuntimeException unexpected) {
        return unreadable;
      }
    }
    return heapIsFull;
  }

  /** Returns true unless the JVM lacks other room: for a thread, for classes, for buffers. */
  private static boolean isOfHeap(OutOfMemoryError error) {
    String message = error.getMessage();
    return message == null || message.startsWith("Java heap") || message.startsWith("GC overhead");
  }

  private String refusalBy(IOException refused) {
    try {
      return "refused: " + refused.getMessage();
    } catch (OutOfMemoryError full) {
      return heapIsFull;
    }
  }

  private void tell(String answer) {
    for (int attempt = 0; attempt < MOST_ANSWERS; attempt++) {
      try {
        file.answer(answer);
        return;
      } catch (OutOfMemoryError full) {
        LockSupport.parkNanos(this, BETWEEN_ATTEMPTS_NANOS);
      }
    }
  }

  private void keepReserve() {
    long now = System.nanoTime();
    if (now - reserveChecked > RESERVE_NANOS) {
      reserveChecked = now;
      reserve.fill();
      reserve.keepReleased();
    }
  }

  /** Ends the arming. The reserve has the room for closing the file. */
  private void end() {
    reserve.free();
    try {
      close();
    } catch (Throwable leftToClean) {
      return;
    } finally {
      plans.disarmed();
    }
  }

  private void close() throws IOException {
    try {
      if (watch != null) {
        watch.close();
      }
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }
}
