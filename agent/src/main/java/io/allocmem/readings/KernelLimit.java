package io.allocmem.readings;

import io.allocmem.plan.ByteSize;

/**
 * Kernel limit beside those of memory: limit, current use, and a margin that a plan leaves to the
 * application. A JVM that cannot map memory or start a thread ends itself. Measuring allocates
 * nothing. One thread.
 */
class KernelLimit {
  /** Divisor for the margin: this part of the limit, but at most the maximum margin. */
  private static final int MARGIN_SHARE = 8;

  private final String name;
  private final long mostMargin;
  private final Figure limit;
  private final Figure used;
  private final boolean bytes;
  private final String unread;
  private boolean known = true;
  private long saidOf;
  private String reason;

  /**
   * @param name limited resource and name of the limit, for people
   * @param mostMargin maximum of the margin for the application
   * @param bytes true if the limit counts bytes; false for a count of things
   */
  KernelLimit(String name, long mostMargin, boolean bytes, Figure limit, Figure used) {
    this.name = name;
    this.mostMargin = mostMargin;
    this.bytes = bytes;
    this.limit = limit;
    this.used = used;
    this.unread = name + " cannot be read: the application may need what is left";
    this.saidOf = limit.read();
    this.reason = reasonOf(saidOf);
  }

  /**
   * Returns whether the margin remains after taking this much more. An unreadable limit never
   * counts as no limit.
   */
  boolean leaves(long more) {
    long most = limit.read();
    if (most == Long.MAX_VALUE) {
      return true;
    }
    long had = most < 0 ? most : used(most, more);
    known = had >= 0;
    return known && had <= most - margin(most) - more;
  }

  /**
   * Returns the current use.
   *
   * @param most current limit
   * @param more requested amount
   */
  long used(long most, long more) {
    return used.read();
  }

  final long margin(long most) {
    return Math.min(most / MARGIN_SHARE, mostMargin);
  }

  /**
   * Returns the reason of a refusal, as a sentence. If the heap is full, the sentence has an older
   * value.
   */
  String reason() {
    if (!known) {
      return unread;
    }
    long most = limit.read();
    if (most != saidOf && HeapReadings.hasRoomForObjects()) {
      reason = reasonOf(most);
      saidOf = most;
    }
    return reason;
  }

  private String reasonOf(long most) {
    return name
        + " is "
        + human(most)
        + ", and "
        + human(margin(most))
        + " stay for the application";
  }

  private String human(long number) {
    return bytes ? ByteSize.ofBytes(Math.max(0, number)).toHuman() : Long.toString(number);
  }
}
