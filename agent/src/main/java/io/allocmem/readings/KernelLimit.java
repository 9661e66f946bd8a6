package io.allocmem.readings;

/**
 * One limit of the kernel beside those of memory: what may be had, what is had, and a margin that a
 * plan leaves to the application. A JVM that cannot map, or make a thread, ends itself. Measuring
 * allocates nothing. One thread.
 */
class KernelLimit {
  /** The margin is this part of the limit, or the most that was said, whichever is less. */
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
   * @param name what is limited, and by what, for people
   * @param mostMargin more than that is never kept for the application
   * @param bytes whether bytes are limited, not a count
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

  /** Whether so much more leaves the margin; what cannot be read is never taken for no limit. */
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
   * What is had now.
   *
   * @param most the limit now
   * @param more what is asked for
   */
  long used(long most, long more) {
    return used.read();
  }

  final long margin(long most) {
    return Math.min(most / MARGIN_SHARE, mostMargin);
  }

  /** Why no more is had, as a sentence; with an older value where the heap is full. */
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
    return bytes ? (number >> 20) + " MiB" : Long.toString(number);
  }
}
