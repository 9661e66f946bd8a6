package io.allocmem.readings;

/** Number that can be measured repeatedly. Allocates nothing. */
abstract class Figure {
  /**
   * Returns the current number; {@link Long#MAX_VALUE} for no limit, unknown if the number cannot
   * be read.
   */
  abstract long read();

  /** Returns a figure that stays constant while a plan runs. */
  static Figure of(final long number) {
    return new Figure() {
      @Override
      long read() {
        return number;
      }
    };
  }

  /**
   * Returns the figure after a name at the beginning of a line.
   *
   * @param unit factor from the unit of the file
   */
  static Figure ofField(final KernelFile file, String name, final long unit) {
    final byte[] field = KernelFile.name(name);
    return new Figure() {
      @Override
      long read() {
        return times(file.field(field), unit);
      }
    };
  }

  /** Returns the figure in the word with this index in a file, from 0. */
  static Figure ofWord(final KernelFile file, final int index, final long unit) {
    return new Figure() {
      @Override
      long read() {
        return times(file.word(index), unit);
      }
    };
  }

  /** Multiplies. An overflow yields the largest number; unknown stays unknown. */
  static long times(long number, long unit) {
    return number < 0 ? number : number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
  }
}
