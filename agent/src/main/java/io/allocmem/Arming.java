package io.allocmem;

import io.allocmem.arguments.ArmedArguments;
import io.allocmem.arguments.InvalidArguments;
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

  /** Interval of checks of the reserve. */
  private static final long RESERVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Plans plans;
  private final Instrumentation instrumentation;
  private final boolean mayAllowOutOfMemory;
  private final ArmedFile file;
  private final FileWatch watch;
  private final Reserve reserve;
  private final long start = System.nanoTime();
  private final long ttl;
  private long reserveChecked = start;

  // made here: a literal becomes an object at its first use
  private final String disarmed = String.valueOf("disarmed");
  private final String heapIsFull = String.valueOf("refused: the heap is too full to start a plan");
  private final String unreadable = String.valueOf("refused: the request cannot be read");

  private Arming(Plans plans, Instrumentation instrumentation, ArmedArguments asked, Pages pages)
      throws IOException {
    this.plans = plans;
    this.instrumentation = instrumentation;
    this.mayAllowOutOfMemory = asked.allowsOutOfMemory();
    this.ttl = asked.ttl().toNanos();
    long ends = ttl == 0 ? Reading.UNKNOWN : System.currentTimeMillis() + asked.ttl().toMillis();
    this.file = ArmedFile.create(AgentClasses.version(), asked.toString(), ends);
    this.watch = FileWatch.of(file.path());
    this.reserve = new Reserve(pages);
  }

  /**
   * Arms the JVM: launchers see the agent's file from now on.
   *
   * @param pages the loaded page library
   * @throws InvalidArguments with one sentence
   * @throws IOException with a sentence, if the file cannot be created safely
   */
  static Arming start(Plans plans, Instrumentation instrumentation, String arguments, Pages pages)
      throws InvalidArguments, IOException {
    ArmedArguments asked = ArmedArguments.parse(arguments);
    Arming arming = new Arming(plans, instrumentation, asked, pages);
    Thread thread = new Thread(null, arming, "allocmem-armed");
    thread.setDaemon(true);
    thread.setContextClassLoader(Arming.class.getClassLoader());
    thread.start();
    return arming;
  }

  @Override
  public void run() {
    try {
      reserve.fill();
      while (!isOver() && takeRequest()) {
        watch.await();
        keepReserve();
      }
    } finally {
      end();
    }
  }

  private boolean isOver() {
    return ttl > 0 && System.nanoTime() - start >= ttl;
  }

  /** Carries out a new request, if there is one. Returns false after a request to end. */
  private boolean takeRequest() {
    ArmedRequest request = file.poll();
    if (request == ArmedRequest.START) {
      reserve.free();
      tell(answer());
      reserve.fill();
    } else if (request == ArmedRequest.DISARM) {
      tell(disarmed);
    }
    return request != ArmedRequest.DISARM;
  }

  private String answer() {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return plans.begin(file.plan(), instrumentation, mayAllowOutOfMemory);
      } catch (OutOfMemoryError full) {
        LockSupport.parkNanos(this, BETWEEN_ATTEMPTS_NANOS);
      } catch (IOException refused) {
        return "refused: " + refused.getMessage();
      } catch (RuntimeException unexpected) {
        return unreadable;
      }
    }
    return heapIsFull;
  }

  /** Writes an answer. Without room on the heap, the launcher sees the plan without an answer. */
  private void tell(String answer) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
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

  private void end() {
    watch.close();
    try {
      file.close();
    } catch (IOException | RuntimeException | Error leftToClean) {
      return;
    } finally {
      plans.disarmed();
    }
  }
}
