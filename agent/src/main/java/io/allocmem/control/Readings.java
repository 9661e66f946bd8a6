package io.allocmem.control;

import java.util.Arrays;

/** Values of all {@link Reading}s. Allocates nothing after construction. Not for two threads. */
public class Readings {
  private final long[] values = new long[Reading.COUNT];

  /** Makes the readings of a plan that holds nothing, with all other values unknown. */
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

  /** Returns the value; {@link Reading#UNKNOWN} for none. */
  public final long get(Reading reading) {
    return values[reading.ordinal()];
  }

  /** Sets the value. */
  public final void set(Reading reading, long value) {
    values[reading.ordinal()] = value;
  }

  /** Adds to a known value. */
  public final void add(Reading reading, long difference) {
    values[reading.ordinal()] += difference;
  }
}
