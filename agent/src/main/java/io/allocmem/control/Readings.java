package io.allocmem.control;

import java.util.Arrays;

/** One value for each {@link Reading}. Allocates nothing once it is made. Not for two threads. */
public class Readings {
  private final long[] values = new long[Reading.COUNT];

  /** Makes readings of which nothing is known yet, and of a plan that holds nothing. */
  public Readings() {
    Arrays.fill(values, Reading.UNKNOWN);
    for (Reading reading : Reading.values()) {
      if (reading.isAlwaysKnown()) {
        set(reading, 0);
      }
    }
  }

  /** Makes a copy. */
  public Readings(Readings other) {
    System.arraycopy(other.values, 0, values, 0, values.length);
  }

  /** Returns the value, {@link Reading#UNKNOWN} where there is none. */
  public final long get(Reading reading) {
    return values[reading.ordinal()];
  }

  /** Sets the value. */
  public final void set(Reading reading, long value) {
    values[reading.ordinal()] = value;
  }

  /** Adds to a value that is known. */
  public final void add(Reading reading, long difference) {
    values[reading.ordinal()] += difference;
  }
}
