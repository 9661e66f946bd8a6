package io.allocmem.launcher.control;

import io.allocmem.control.ArmedLayout;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.ArmedStatus;
import io.allocmem.control.Sender;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.ForeignFiles.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Request to an armed agent. The file has room for one request: a launcher waits until the agent
 * has answered the request of another launcher, or until that request is no longer valid.
 */
public final class SentRequest {
  /** Time limit of the wait for other launchers: twice the time that a launcher waits. */
  private static final long TURN_MILLIS = 10_000;

  private static final int BYTES = 2 * Integer.BYTES;

  private final ArmedControl armed;

  /** Sequence and request, as written at {@link ArmedLayout#REQUEST}. */
  private final byte[] slot;

  private SentRequest(ArmedControl armed, byte[] slot) {
    this.armed = armed;
    this.slot = slot;
  }

  /**
   * Writes a request.
   *
   * @throws ForeignFiles.LockedException if other launchers write all the time
   */
  static SentRequest of(ArmedControl armed, ArmedRequest request, String plan, long millis)
      throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS)) {
      byte[] last = last(armed);
      boolean free = isFree(armed, last);
      if (!free && isDisarm(last)) { // of a stopped JVM: the agent obeys it later
        return sameAs(armed, last, request);
      }
      if (free) {
        int sequence = next(armed, last);
        byte[] next = slot(sequence, request);
        byte[] sender = Sender.of(sequence, Outbox.user(), ProcessHandle.current().pid()).array();
        long deadline = System.currentTimeMillis() + millis;
        Patch fields = new Patch(ArmedLayout.DEADLINE, ArmedLayout.request(deadline, sender, plan));
        Patch expected = new Patch(ArmedLayout.REQUEST, last);
        if (armed.channel().replace(expected, fields, new Patch(ArmedLayout.REQUEST, next))) {
          return new SentRequest(armed, next);
        }
      }
      PlanControl.pause();
    }
    throw new ForeignFiles.LockedException("other launchers have requests all the time");
  }

  private static boolean isDisarm(byte[] slot) {
    return ByteBuffer.wrap(slot).getInt(Integer.BYTES) == ArmedRequest.DISARM.ordinal();
  }

  /** Returns the pending request to disarm, if this request is to disarm as well. */
  private static SentRequest sameAs(ArmedControl armed, byte[] pending, ArmedRequest request) {
    if (request == ArmedRequest.DISARM) {
      return new SentRequest(armed, pending);
    }
    throw new Failure(
        "a disarm of JVM %d is pending: if the JVM is stopped, continue it (kill -CONT %1$d), then attach again"
            .formatted(armed.pid()));
  }

  private static byte[] last(ArmedControl armed) throws IOException {
    byte[] bytes = armed.channel().read(ArmedLayout.REQUEST, BYTES);
    if (bytes.length < BYTES) {
      throw new IOException("the file of the armed agent is cut off");
    }
    return bytes;
  }

  /** Returns true if no launcher waits for an answer to the last request. */
  private static boolean isFree(ArmedControl armed, byte[] last) throws IOException {
    if (ByteBuffer.wrap(last).getInt(Integer.BYTES) == ArmedRequest.NONE.ordinal()) {
      return true;
    }
    ArmedStatus now = armed.status();
    byte[] deadline = armed.channel().read(ArmedLayout.DEADLINE, Long.BYTES);
    boolean late = ByteBuffer.wrap(deadline).getLong() < System.currentTimeMillis();
    return late || now != null && now.acknowledged - sequence(last) >= 0; // numbers may wrap
  }

  /** Returns a number after the last request, and after the number that the agent has taken. */
  private static int next(ArmedControl armed, byte[] last) throws IOException {
    ArmedStatus now = armed.status();
    int taken = now == null ? sequence(last) : now.acknowledged;
    return 1 + (taken - sequence(last) > 0 ? taken : sequence(last)); // the numbers may wrap
  }

  private static int sequence(byte[] slot) {
    return ByteBuffer.wrap(slot).getInt();
  }

  private static byte[] slot(int sequence, ArmedRequest request) {
    return ByteBuffer.allocate(BYTES).putInt(sequence).putInt(request.ordinal()).array();
  }

  /**
   * Waits for the agent's answer.
   *
   * @return the answer; empty if the answer to a later request replaced the answer; null if the
   *     agent gave no answer in time, or the JVM ended
   */
  public String await(long millis) throws IOException {
    long start = System.nanoTime();
    String answer = answer();
    while (answer == null
        && System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis)
        && !armed.hasEnded()) {
      PlanControl.pause();
      answer = answer();
    }
    return answer;
  }

  private String answer() throws IOException {
    ArmedStatus now = armed.status();
    int later = now == null ? -1 : now.acknowledged - sequence(slot);
    return later < 0 ? null : later == 0 ? now.answer : "";
  }

  /**
   * Withdraws the request: an agent that has not read the request starts no plan. Keeps a request
   * of another launcher.
   *
   * @return the agent's answer, if the agent was faster, as from {@link #await}
   */
  public String withdraw() throws IOException {
    Patch expected = new Patch(ArmedLayout.REQUEST, slot);
    byte[] none = slot(sequence(slot) + 1, ArmedRequest.NONE);
    boolean withdrawn = armed.channel().replace(expected, new Patch(ArmedLayout.REQUEST, none));
    String answer = answer();
    return withdrawn && "".equals(answer) ? null : answer; // the answer is to the withdrawal
  }
}
