package io.allocmem;

import io.allocmem.arguments.ArmedArguments;
import io.allocmem.control.ArmedFile;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.ByteLock;
import io.allocmem.control.Reading;
import io.allocmem.pages.FileWatch;
import io.allocmem.pages.Pages;
import io.allocmem.plan.AgentThread;
import io.allocmem.plan.Charsets;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
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

  /** Attempts to make the bytes of an answer. */
  private static final int MOST_ANSWERS = 3;

  /** Interval of checks of the reserve. */
  private static final long RESERVE_NANOS = 10_000_000_000L;

  private static final long NANOS_OF_MILLI = 1_000_000;

  private final Plans plans;
  private final Instrumentation instrumentation;
  private final ArmedArguments asked;
  private final Reserve reserve;
  private final long start = System.nanoTime();
  private final long ttl;
  private ArmedFile file;
  private FileWatch watch;
  private long reserveChecked = start;
  private boolean learnt;

  // made here: a full heap has no room for an answer
  private final byte[] disarmed = bytes("disarmed");
  private final byte[] heapIsFull = bytes("refused: the heap is too full to start a plan");
  private final byte[] accepted = bytes("accepted: a plan, which the heap has no room to describe");
  private final String accepting = String.valueOf("accepted");

  private Arming(
      Plans plans, Instrumentation instrumentation, ArmedArguments asked, Reserve reserve) {
    this.plans = plans;
    this.instrumentation = instrumentation;
    this.asked = asked;
    this.reserve = reserve;
    this.ttl = asked.ttlNanos();
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
    if (!reserve.hasRoom()) { // a small heap: later, it may have no room to learn
      arming.learn();
    }
    try {
      arming.open(AgentPages.lockBy(pages));
      return arming;
    } catch (IOException | RuntimeException | Error e) {
      arming.close();
      throw e;
    }
  }

  private void open(ByteLock lock) throws IOException {
    long ends = ttl == 0 ? Reading.UNKNOWN : System.currentTimeMillis() + ttl / NANOS_OF_MILLI;
    file = ArmedFile.create(AgentClasses.version(), asked.toString(), ends, lock);
    watch = FileWatch.of(file.path());
    AgentThread.of(this, "allocmem-armed").start();
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
      if (reserve.hasRoom()) {
        plans.preparation().openEarly(instrumentation);
      }
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
    file.answer(!starts ? disarmed : safe ? answer() : heapIsFull);
    if (starts && safe) {
      learn(); // with the rest of the reserve, and after the start, which needs the same classes
    }
    reserve.fill();
    return starts;
  }

  private byte[] answer() {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Thread.interrupted(); // after an interrupt by the application, no park would wait
      try {
        reserve.probe();
        return bytesOf(plans.begin(file.plan(), instrumentation, this));
      } catch (OutOfMemoryError error) {
        if (!isOfHeap(error)) {
          return bytesOf(Plans.refusalBy(error));
        }
        LockSupport.parkNanos(this, BETWEEN_ATTEMPTS_NANOS);
      } catch (Throwable refused) { // an answer must come: the agent stays armed
        return refusalBy(refused);
      }
    }
    return heapIsFull;
  }

  /** Learns once whether an OutOfMemoryError is fatal to the JVM; not on a full heap. */
  private void learn() {
    if (learnt) {
      return;
    }
    try {
      reserve.probe(); // a class that meets an error in its initialization is lost
      plans.preparation().open(instrumentation);
      reserve.learn();
      learnt = true;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError refused) {
      return; // each plan is refused for the same reason
    } catch (OutOfMemoryError full) {
      return; // the error stays a danger
    }
  }

  /** Returns true unless the JVM lacks other room: for a thread, for classes, for buffers. */
  private static boolean isOfHeap(OutOfMemoryError error) {
    String message = error.getMessage();
    return message == null || message.startsWith("Java heap") || message.startsWith("GC overhead");
  }

  private byte[] refusalBy(Throwable refused) {
    try {
      return bytes(
          isOfJar(refused)
              ? "refused: the agent's jar has changed since the start of the JVM ("
                  + refused
                  + "): replace a jar by a rename; without a restart, disarm the JVM, then attach"
              : "refused: " + (refused instanceof IOException ? refused.getMessage() : refused));
    } catch (OutOfMemoryError full) {
      return heapIsFull;
    }
  }

  /** Returns true if a class cannot be read; false if a class could not be initialized. */
  private static boolean isOfJar(Throwable error) {
    String message = String.valueOf(error.getMessage());
    boolean missing = error instanceof NoClassDefFoundError && !message.startsWith("Could not");
    return missing || error instanceof ClassFormatError;
  }

  /** Returns the bytes of an answer; of a shorter answer if the application takes all room. */
  private byte[] bytesOf(String answer) {
    for (int attempt = 0; attempt < MOST_ANSWERS; attempt++) {
      try {
        return bytes(answer);
      } catch (OutOfMemoryError full) {
        LockSupport.parkNanos(this, BETWEEN_ATTEMPTS_NANOS);
      }
    }
    return answer.startsWith(accepting) ? accepted : heapIsFull;
  }

  private static byte[] bytes(String answer) {
    return answer.getBytes(Charsets.UTF_8);
  }

  private void keepReserve() {
    long now = System.nanoTime();
    if (now - reserveChecked > RESERVE_NANOS) {
      reserveChecked = now;
      reserve.fill();
      reserve.keepReleased();
    }
  }

  /** Ends the arming. The reserve has the room for closing the file, or a later collection. */
  private void end() {
    reserve.free();
    try {
      for (int attempt = 0; attempt < MOST_ATTEMPTS && !isClosed(); attempt++) {
        LockSupport.parkNanos(this, BETWEEN_ATTEMPTS_NANOS);
      }
    } catch (Throwable leftToClean) {
      return;
    } finally {
      plans.disarmed();
    }
  }

  private boolean isClosed() throws IOException {
    try {
      close();
      return true;
    } catch (OutOfMemoryError full) {
      return false;
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
