package io.allocmem.readings;

import io.allocmem.control.Reading;

/** Number that can be measured repeatedly. Allocates nothing. */
class Figure {
  /** Null for a constant. */
  private final KernelFile file;

  /** Name at the beginning of a line; null for a word. */
  private final byte[] field;

  /** Index of the word, or the constant. */
  private final long number;

  private final long unit;

  /** Creates a figure for a subclass, which reads by itself. */
  Figure() {
    this(null, null, Reading.UNKNOWN, 1);
  }

  private Figure(KernelFile file, byte[] field, long number, long unit) {
    this.file = file;
    this.field = field;
    this.number = number;
    this.unit = unit;
  }

  /**
   * Returns the current number; {@link Long#MAX_VALUE} for no limit, unknown if the number cannot
   * be read.
   */
  long read() {
    if (file == null) {
      return number;
    }
    return times(field == null ? file.word((int) number) : file.field(field), unit);
  }

  /** Returns a figure that stays constant while a plan runs. */
  static Figure of(long number) {
    return new Figure(null, null, number, 1);
  }

  /**
   * Returns the figure after a name at the beginning of a line.
   *
   * @param unit factor from the unit of the file
   */
  static Figure ofField(KernelFile file, String name, long unit) {
    return new Figure(file, KernelFile.name(name), 0, unit);
  }

  /** Returns the figure in the word with this index in a file, from 0. */
  static Figure ofWord(KernelFile file, int index, long unit) {
    return new Figure(file, null, index, unit);
  }

  /** Multiplies. An overflow yields the largest number; unknown stays unknown. */
  static long times(long number, long unit) {
    return number < 0 ? number : number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
  }
}
